using System.Net.Sockets;
using Hapi.Contracts.Api;
using Hapi.Hub.Audit;
using Hapi.Hub.Auth;
using Hapi.Hub.Commands;
using Hapi.Hub.Events;
using Hapi.Hub.Http;
using Hapi.Hub.Link;
using Hapi.Hub.Machines;
using Hapi.Hub.Messages;
using Hapi.Hub.Reopens;
using Hapi.Hub.Sessions;
using Hapi.Hub.Settings;
using Hapi.Hub.Storage;
using Hapi.Hub.Web;
using Hapi.Hub.Workspace;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Hapi.Hub;

/// <summary>The hub, put together in one place and nowhere else.</summary>
public sealed class HubApp : IAsyncDisposable
{
    private const long MaxBody = 4 << 20;
    // Time for requests under way; with what follows, a hub that stops is gone within two seconds.
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(1.5);
    private readonly WebApplication _app;
    private readonly Database _database;

    private HubApp(WebApplication app, Database database) => (_app, _database) = (app, database);

    /// <summary>Where the hub listens, once it is started.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
        .Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("[::]", "[::1]", StringComparison.Ordinal));

    internal IServiceProvider Services => _app.Services;

    /// <summary>Prepares the store and the secrets, and starts to answer.</summary>
    /// <exception cref="HubStartException">It cannot start; the message is one line for the user.</exception>
    public static async Task<HubApp> StartAsync(HubOptions options, CancellationToken cancellationToken)
    {
        var faults = options.Faults().ToList();
        if (faults.Count > 0)
        {
            throw new HubStartException("options_invalid", string.Join(Environment.NewLine, faults));
        }

        var database = OpenStore(options);
        var hub = new HubApp(Build(options, database), database);
        try
        {
            await Schema.PrepareAsync(database, cancellationToken);
            await hub._app.StartAsync(cancellationToken);
            return hub;
        }
        catch (Exception ex)
        {
            await hub.DisposeAsync();
            throw Explained(ex, options);
        }
    }

    /// <summary>A one-time code that signs one device in, as the owner gives it.</summary>
    public Task<string> CreatePairingCodeAsync(string? name, CancellationToken cancellationToken) =>
        _app.Services.GetRequiredService<DeviceDoor>().CreateCodeAsync(Identity.DefaultNamespace, name, Asker.HubCommand, cancellationToken);

    /// <summary>Drains and ends: no new requests, streams are closed, what is begun is written. It takes two seconds at most, and touches no session.</summary>
    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <param name="logging">More than the console hears, for tests.</param>
    internal static WebApplication Build(HubOptions options, Database database, Action<ILoggingBuilder>? logging = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // Watching the working directory for settings takes seconds in a large one.
            ContentRootPath = AppContext.BaseDirectory,
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.WebHost.UseUrls($"http://{(options.Host.Contains(':', StringComparison.Ordinal) ? $"[{options.Host}]" : options.Host)}:{options.Port}");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBody;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_drain);
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None) // a failed start is an exception, told once by whoever started the hub
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None); // its lines hold addresses, and an address may hold a token
        logging?.Invoke(builder.Logging);
        AddServices(builder.Services, options, database);
        var app = builder.Build();
        UsePipeline(app);
        return app;
    }

    private static void AddServices(IServiceCollection services, HubOptions options, Database database)
    {
        services.AddSingleton<IHostLifetime, NoSignals>();
        services.AddSingleton(options);
        services.AddSingleton(options.Time);
        services.AddSingleton(database);
        services.AddSingleton<HubReader>();
        services.AddSingleton<HubWriter>();
        services.AddHostedService(s => s.GetRequiredService<HubWriter>());
        services.AddHostedService<HubPreparation>();
        services.AddHostedService<HubUpkeep>();
        services.AddSingleton<EventIds>();
        services.AddSingleton<EventFeed>();
        services.AddSingleton<EventLog>();
        services.AddSingleton<EventStream>();
        services.AddHostedService<EventHeartbeats>();
        services.AddSingleton<LiveSessions>();
        services.AddSingleton<LiveMachines>();
        services.AddSingleton<MachineRegistry>();
        services.AddSingleton<RunnerCalls>();
        services.AddSingleton<ReopenDesk>();
        services.AddSingleton<InterruptedReopens>();
        services.AddSingleton<LocalHandOff>();
        services.AddSingleton<SessionIndex>();
        services.AddSingleton<SessionEdits>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<SessionCalls>();
        services.AddSingleton<Waiters>();
        services.AddSingleton<MessagePages>();
        services.AddSingleton<CommandDesk>();
        services.AddSingleton<FactIntake>();
        services.AddSingleton<LinkServices>();
        services.AddSingleton<LinkRegistry>();
        services.AddHostedService(s => s.GetRequiredService<LinkRegistry>());
        services.AddSingleton(s => new SettingsFile(options.Home, options.Time));
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<DeviceDoor>();
        services.AddSingleton<SignInAudit>();
        services.AddSingleton(s => new SignInLimit(options.Time, options.PublicUrl is not null));
        services.AddSingleton(s => new WebTokens(options.Home, s.GetRequiredService<AccessTokens>(), s.GetRequiredService<DeviceDoor>(), options.Time));
        services.AddSingleton<HostList>();
        services.AddSingleton(_ => new WebFiles());
    }

    private static void UsePipeline(WebApplication app)
    {
        app.UseMiddleware<CrossOrigin>();
        app.UseMiddleware<Faults>();
        app.UseMiddleware<Gate>();
        app.UseRouting();
        app.UseMiddleware<SignedIn>();
        app.UseWebSockets();
        app.MapGet("/health", () => Bodies.Ok(new Health("ok", 1, new Capabilities(false, false), "hapi"), ApiJson.Default.Health)).AllowAnonymous().Produces<Health>();
        app.MapAuth();
        app.MapSessions();
        app.MapReopens();
        app.MapMessages();
        app.MapPermissions();
        app.MapMachines();
        app.MapWorkspace();
        app.MapAudit();
        app.MapEvents();
        app.MapLink();
        app.Map("/api/{**rest}", UnknownRoute.Answer).ExcludeFromDescription();
        app.MapFallback("{**path}", context => context.RequestServices.GetRequiredService<WebFiles>().ServeAsync(context)).AllowAnonymous().ExcludeFromDescription();
    }

    private static Database OpenStore(HubOptions options)
    {
        try
        {
            SettingsFile.PrivateFolder(options.Home);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new HubStartException("home_denied", $"HAPI_HOME {options.Home} cannot be a folder of this user: {ex.Message}", ex);
        }

        return Database.Open(options.Store ?? Path.Combine(options.Home, "hub.db"));
    }

    private static Exception Explained(Exception exception, HubOptions options) => exception switch
    {
        IOException { InnerException: AddressInUseException } => new HubStartException("port_taken", $"Port {options.Port} is taken.", exception),
        SocketException { SocketErrorCode: SocketError.AccessDenied } => new HubStartException("port_denied", $"This user may not listen on port {options.Port}.", exception),
        SocketException => new HubStartException("address_unavailable", $"This machine has no address {options.Host} to listen on.", exception),
        DirectoryNotFoundException or System.Data.Common.DbException => new HubStartException("store_unavailable", $"The store cannot be opened: {exception.Message}", exception),
        UnauthorizedAccessException => new HubStartException("home_denied", $"This user may not write to {options.Home}: {exception.Message}", exception),
        _ => exception,
    };

    // Signals belong to the process, which may run more than a hub: it calls StopAsync.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
