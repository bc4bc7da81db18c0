using Hapi.Contracts.Api;
using Hapi.Hub.Auth;
using Hapi.Hub.Commands;
using Hapi.Hub.Events;
using Hapi.Hub.Http;
using Hapi.Hub.Link;
using Hapi.Hub.Machines;
using Hapi.Hub.Messages;
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
    private readonly WebApplication _app;

    private HubApp(WebApplication app) => _app = app;

    /// <summary>Where the hub listens, once it is started.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));

    /// <summary>Prepares the store and the secrets, and starts to answer.</summary>
    /// <exception cref="HubStartException">It cannot start; the message is one line for the user.</exception>
    public static async Task<HubApp> StartAsync(HubOptions options, CancellationToken cancellationToken)
    {
        var faults = options.Faults().ToList();
        if (faults.Count > 0)
        {
            throw new HubStartException("options_invalid", string.Join(Environment.NewLine, faults));
        }

        SettingsFile.PrivateFolder(options.Home);
        var database = Database.Open(options.Store ?? Path.Combine(options.Home, "hub.db"));
        await Schema.PrepareAsync(database, cancellationToken);
        var app = Build(options, database);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException ex) when (ex.InnerException is AddressInUseException)
        {
            await app.DisposeAsync();
            throw new HubStartException("port_taken", $"Port {options.Port} is taken.", ex);
        }

        return new HubApp(app);
    }

    /// <summary>A one-time code that signs one device in, as the owner gives it.</summary>
    public Task<string> CreatePairingCodeAsync(string? name, CancellationToken cancellationToken) =>
        _app.Services.GetRequiredService<DeviceDoor>().CreateCodeAsync(Identity.DefaultNamespace, name, cancellationToken);

    /// <summary>Drains and ends: no new requests, streams are closed, what is begun is written. It takes two seconds at most, and touches no session.</summary>
    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal static WebApplication Build(HubOptions options, Database database)
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
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // a failed start is an exception, told once by whoever started the hub
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
        services.AddSingleton<EventFeed>();
        services.AddSingleton<HubReader>();
        services.AddSingleton<HubWriter>();
        services.AddHostedService(s => s.GetRequiredService<HubWriter>());
        services.AddHostedService<HubPreparation>();
        services.AddHostedService<HubUpkeep>();
        services.AddSingleton<EventLog>();
        services.AddSingleton<EventSubscriptions>();
        services.AddSingleton<EventStream>();
        services.AddSingleton<LiveSessions>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<SessionCalls>();
        services.AddSingleton<MessagePages>();
        services.AddSingleton<CommandDesk>();
        services.AddSingleton<LinkServices>();
        services.AddSingleton(s => new SettingsFile(options.Home, options.Time));
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<DeviceDoor>();
        services.AddSingleton<SignInLimit>();
        services.AddSingleton(s => new WebTokens(options.Home, s.GetRequiredService<AccessTokens>(), s.GetRequiredService<DeviceDoor>(), options.Time));
        services.AddSingleton<HostList>();
        services.AddSingleton<WebFiles>();
        services.AddResponseCompression(compression => compression.MimeTypes = ["application/json"]);
    }

    private static void UsePipeline(WebApplication app)
    {
        app.UseExceptionHandler(handler => handler.Run(context => Bodies.WriteAsync(context, StatusCodes.Status500InternalServerError, "Something went wrong in the hub.", ErrorCodes.Internal)));
        app.UseMiddleware<CrossOrigin>();
        app.UseMiddleware<Gate>();
        app.UseResponseCompression();
        app.UseWebSockets();
        app.UseRouting();
        app.MapGet("/health", () => Bodies.Ok(new Health("ok", 1, new Capabilities(false, false), "hapi"), ApiJson.Default.Health)).AllowAnonymous().Produces<Health>();
        app.MapAuth();
        app.MapSessions();
        app.MapMessages();
        app.MapPermissions();
        app.MapMachines();
        app.MapWorkspace();
        app.MapEvents();
        app.MapLink(async (context, cancellationToken) =>
        {
            var header = context.Request.Headers.Authorization.ToString();
            var token = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..] : null;
            return (await app.Services.GetRequiredService<AccessTokens>().OpenAsync(token, cancellationToken))?.Namespace;
        });
        app.Map("/api/{**rest}", () => Bodies.Fail(StatusCodes.Status404NotFound, "There is no such route.", ErrorCodes.RouteNotFound)).ExcludeFromDescription();
        app.MapFallback(context => context.RequestServices.GetRequiredService<WebFiles>().ServeAsync(context)).ExcludeFromDescription();
    }

    // Signals belong to the process, which may run more than a hub: it calls StopAsync.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
