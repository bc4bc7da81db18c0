using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Hapi.Contracts.Api;
using Hapi.Processes;

namespace Hapi.Bench.Hubs;

/// <summary>A real <c>hapi hub</c>, as a process of its own.</summary>
internal sealed class HubProcess : IAsyncDisposable
{
    private static readonly StopStep[] s_ladder = [StopStep.Terminate];
    private readonly ChildProcess _process;
    private readonly string _executable, _home;

    private HubProcess(ChildProcess process, string executable, string home, Uri address, TimeSpan startTook) =>
        (_process, _executable, _home, Address, StartTook) = (process, executable, home, address, startTook);

    public Uri Address { get; }

    /// <summary>From the start of the process to the first answer.</summary>
    public TimeSpan StartTook { get; }

    public ProcessUsage Usage => new(_process.Id);

    /// <summary>The owner's access token.</summary>
    public string Token { get; private set; } = "";

    /// <summary>Signed in.</summary>
    public HttpClient Http { get; private set; } = null!;

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static async Task<HubProcess> StartAsync(string executable, string home, int port, CancellationToken cancellationToken)
    {
        var address = new Uri($"http://127.0.0.1:{port}");
        using var asking = Client(address);
        var begun = Stopwatch.GetTimestamp();
        var process = ChildProcess.Start(new ChildStart(executable, ["hub", "--port", port.ToString()], home, Environment(home)));
        while (!await AnswersAsync(asking, cancellationToken))
        {
            if (process.Completion.IsCompleted)
            {
                throw new IOException($"The hub has ended: {(await process.Completion).StderrTail}");
            }

            await Task.Delay(1, cancellationToken);
        }

        var hub = new HubProcess(process, executable, home, address, Stopwatch.GetElapsedTime(begun));
        await hub.SignInAsync(cancellationToken);
        return hub;
    }

    /// <summary>The scrubbed environment of everything that is measured.</summary>
    public static Dictionary<string, string> Environment(string home) => new()
    {
        ["HAPI_HOME"] = home,
        ["HOME"] = home,
        ["PATH"] = "/usr/bin:/bin",
    };

    /// <summary>The same hub again: the same home, the same address.</summary>
    public Task<HubProcess> StartAgainAsync(CancellationToken cancellationToken) => StartAsync(_executable, _home, Address.Port, cancellationToken);

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        using var process = Process.GetProcessById(_process.Id);
        process.Kill();
        await _process.Completion;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.StopAsync(s_ladder, TimeSpan.FromSeconds(5));
        await _process.DisposeAsync();
    }

    private static HttpClient Client(Uri address) => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };

    private static async Task<bool> AnswersAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync("/health", cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task SignInAsync(CancellationToken cancellationToken)
    {
        using var settings = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_home, "settings.json"), cancellationToken));
        Token = settings.RootElement.GetProperty("cliApiToken").GetString()!;
        Http = Client(Address);
        using var body = new StringContent(JsonSerializer.Serialize(new AuthRequest(Token), ApiJson.Default.AuthRequest), Encoding.UTF8, "application/json");
        using var answer = (await Http.PostAsync("/api/auth", body, cancellationToken)).EnsureSuccessStatusCode();
        var signedIn = await JsonSerializer.DeserializeAsync(await answer.Content.ReadAsStreamAsync(cancellationToken), ApiJson.Default.AuthResponse, cancellationToken);
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", signedIn!.Token);
    }
}
