using System.Net;
using System.Net.Sockets;
using Hapi.Hub.Tests.Support;
using Hapi.Processes;
using Hapi.TestKit;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Hapi.Hub.Tests.Support;

/// <summary>A real PostgreSQL of the tests' own: loopback, a free port, a temporary folder. Started when a test first needs it, ended with the tests.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "hapi";
    private static readonly SemaphoreSlim s_gate = new(1, 1);
    private static PostgresServer? s_running;
    private static string? s_missing;
    private TempFolder? _folder;
    private ChildProcess? _server;
    private int _port;
    private int _databases;

    /// <summary>A new empty database. A machine without PostgreSQL skips the test and says why.</summary>
    public static async Task<string> CreateDatabaseAsync()
    {
        await s_gate.WaitAsync();
        try
        {
            if (s_running is null && s_missing is null)
            {
                await StartAsync();
            }
        }
        finally
        {
            s_gate.Release();
        }

        Assert.SkipWhen(s_missing is not null, s_missing ?? "");
        return await s_running!.NewDatabaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (s_running is { _server: { } server, _folder: { } folder })
        {
            s_running = null;
            NpgsqlConnection.ClearAllPools();
            await server.StopAsync([StopStep.Interrupt, StopStep.KillTree], TimeSpan.FromSeconds(10));
            await server.DisposeAsync();
            folder.Dispose();
        }
    }

    private static async Task StartAsync()
    {
        var programs = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order().LastOrDefault() : null;
        if (programs is null)
        {
            s_missing = "PostgreSQL is not installed (Debian: postgresql).";
            return;
        }

        var server = new PostgresServer { _folder = new TempFolder(), _port = FreePort() };
        var (data, bin) = (server._folder["data"], Path.Combine(programs, "bin"));
        Directory.CreateDirectory(data);
        if (Environment.UserName is "root")
        {
            await RunAsync("chown", ["-R", "postgres", server._folder.Path]);
        }

        await RunAsync(AsUser(Path.Combine(bin, "initdb"), ["-D", data, "-U", User, "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"]));
        // What is tested is the hub, not the disk.
        server._server = ChildProcess.Start(AsUser(Path.Combine(bin, "postgres"),
            ["-D", data, "-h", "127.0.0.1", "-p", $"{server._port}", "-k", server._folder.Path, "-c", "fsync=off", "-c", "max_connections=400", "-c", "shared_buffers=64MB"]));
        await Eventually.TrueAsync(server.AnswersAsync, "PostgreSQL answers", CancellationToken.None);
        s_running = server;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task<string> NewDatabaseAsync()
    {
        var name = $"hub_{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var create = connection.CreateCommand();
        create.CommandText = $"create database {name}";
        await create.ExecuteNonQueryAsync();
        return $"postgres://{User}@127.0.0.1:{_port}/{name}";
    }

    private string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username={User};Database={database};Pooling=false";

    // PostgreSQL refuses to run as root.
    private static ChildStart AsUser(string program, string[] arguments) => Environment.UserName is "root"
        ? new ChildStart("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments], "/")
        : new ChildStart(program, arguments);

    private static Task RunAsync(string program, string[] arguments) => RunAsync(new ChildStart(program, arguments));

    private static async Task RunAsync(ChildStart start)
    {
        await using var child = ChildProcess.Start(start);
        await child.Output.CopyToAsync(Stream.Null);
        var report = await child.Completion;
        Assert.True(report.ExitCode == 0, report.StderrTail);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
