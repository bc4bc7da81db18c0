using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Hapi.Contracts.Api;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Contracts.Sessions;

namespace Hapi.Hubs;

/// <summary>The hub's REST API, as its owner's command line uses it.</summary>
internal sealed class HubClient : IDisposable
{
    // An agent that comes back may take a minute to say so.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10), s_reopenPatience = TimeSpan.FromSeconds(90);
    private readonly HttpClient _http;
    private readonly Uri _hub;

    private HubClient(Uri hub)
    {
        _hub = hub;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = !hub.IsLoopback }) { BaseAddress = hub, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("hapi-cli", null)); // so the audit can tell the command line from a browser
    }

    /// <summary>Whether a Hapi hub answers there.</summary>
    public static async Task<bool> AnswersAsync(Uri hub, CancellationToken cancellationToken)
    {
        using var client = new HubClient(hub);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(s_patience);
            var health = await client._http.GetFromJsonAsync("/health", ApiJson.Default.Health, patience.Token);
            return health is { Status: "ok", Hub: "hapi" };
        }
        catch (Exception ex) when (ex is HttpRequestException or JsonException or TaskCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    /// <exception cref="CommandException">The hub is unreachable, or does not accept the token.</exception>
    public static async Task<HubClient> SignInAsync(Uri hub, string token, CancellationToken cancellationToken)
    {
        var client = new HubClient(hub);
        var answer = await client.SendAsync(HttpMethod.Post, "/api/auth", JsonContent.Create(new AuthRequest(token), ApiJson.Default.AuthRequest), ApiJson.Default.AuthResponse, cancellationToken);
        client._http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", answer.Token);
        client.Hub = answer.Hub;
        return client;
    }

    /// <summary>Which hub this is, when it says so.</summary>
    public HubIdentity? Hub { get; private set; }

    /// <summary>The hub's clock when it last answered, to the second.</summary>
    public DateTimeOffset? Clock { get; private set; }

    public Task<PairingCodeResponse> PairingCodeAsync(CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Post, "/api/pairing-codes", JsonContent.Create(new PairingCodeRequest(), ApiJson.Default.PairingCodeRequest), ApiJson.Default.PairingCodeResponse, cancellationToken);

    public Task<DeviceList> DevicesAsync(CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, "/api/devices", null, ApiJson.Default.DeviceList, cancellationToken);

    public Task<Done> RevokeAsync(string deviceId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"/api/devices/{Uri.EscapeDataString(deviceId)}", null, ApiJson.Default.Done, cancellationToken);

    public Task<SessionDetail> SessionAsync(string sessionId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, PathOf(sessionId), null, ApiJson.Default.SessionDetail, cancellationToken);

    public async Task<IReadOnlyList<SessionSummary>> SessionsAsync(CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Get, "/api/sessions?order=updatedAt", null, ApiJson.Default.SessionList, cancellationToken)).Sessions;

    public async Task<IReadOnlyList<Machine>> MachinesAsync(CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Get, "/api/machines", null, ApiJson.Default.MachineList, cancellationToken)).Machines;

    public Task<Done> RenameAsync(string sessionId, string name, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Patch, PathOf(sessionId), JsonContent.Create(new RenameRequest(name), ApiJson.Default.RenameRequest), ApiJson.Default.Done, cancellationToken);

    public Task<Done> ArchiveAsync(string sessionId, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, PathOf(sessionId, "/archive"), null, ApiJson.Default.Done, cancellationToken);

    public Task<Done> DeleteAsync(string sessionId, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, PathOf(sessionId), null, ApiJson.Default.Done, cancellationToken);

    /// <summary>Brings an ended session back on its machine. Gives the hub's answer: <c>sessionId</c> and <c>resumed</c>.</summary>
    public async Task<JsonElement> ReopenAsync(string sessionId, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Post, PathOf(sessionId, "/reopen"), null, ApiJson.Default.RawJson, cancellationToken, s_reopenPatience)).ToElement();

    /// <summary>Ends a live session so that a terminal on its machine can go on with it.</summary>
    public Task HandOffAsync(string sessionId, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, PathOf(sessionId, "/handoff-local"), null, ApiJson.Default.RawJson, cancellationToken, s_reopenPatience);

    /// <param name="query">Names and values; those without a value are left out.</param>
    public Task<AuditPage> AuditAsync(IEnumerable<(string Name, string? Value)> query, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Get, "/api/audit?" + string.Join('&', query.Where(q => q.Value is not null).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value!)}")), null, ApiJson.Default.AuditPage, cancellationToken);

    public Task<AuditProof> VerifyAuditAsync(CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, "/api/audit/verify", null, ApiJson.Default.AuditProof, cancellationToken);

    public void Dispose() => _http.Dispose();

    private static string PathOf(string sessionId, string more = "") => $"/api/sessions/{Uri.EscapeDataString(sessionId)}{more}";

    private async Task<T> SendAsync<T>(
        HttpMethod method, string path, HttpContent? body, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience ?? s_patience);
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body };
            using var answer = await _http.SendAsync(request, deadline.Token);
            Clock = answer.Headers.Date;
            if (answer.IsSuccessStatusCode)
            {
                return await answer.Content.ReadFromJsonAsync(type, deadline.Token) ?? throw new JsonException("The answer is empty.");
            }

            throw Refusal(answer.StatusCode, await answer.Content.ReadFromJsonAsync(ApiJson.Default.ApiError, deadline.Token));
        }
        catch (HttpRequestException)
        {
            throw Unreachable();
        }
        catch (JsonException)
        {
            throw new CommandException(ExitCodes.HubUnreachable, "not_a_hub", $"What answers at {_hub} is no Hapi hub. Check HAPI_API_URL.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable();
        }
    }

    private CommandException Refusal(HttpStatusCode status, ApiError? error)
    {
        if (status is HttpStatusCode.Unauthorized)
        {
            return new CommandException(ExitCodes.NotSignedIn, "token_refused", $"The hub at {_hub} does not accept this token. Run \"hapi auth login\".");
        }

        var (exitCode, advice) = (status, error?.Code) switch
        {
            (HttpStatusCode.TooManyRequests, _) => (ExitCodes.NotSignedIn, ""),
            (_, "access_denied") => (ExitCodes.NotSignedIn, "It belongs to another namespace: sign in with a token of that one."),
            (_, "session_not_found") => (ExitCodes.SessionNotFound, "\"hapi sessions --all\" lists them."),
            (_, "session_active") => (ExitCodes.SessionBusy, ""),
            (_, "no_machine_online") => (ExitCodes.NoRunner, "Start \"hapi runner start\" on its machine, or run \"hapi resume\" there."),
            (_, "resume_failed" or "resume_unavailable" or "metadata_conflict") => (ExitCodes.ReopenFailed, ""),
            _ => (ExitCodes.Failed, ""),
        };
        return new CommandException(exitCode, error?.Code ?? "hub_refused", $"{error?.Error ?? $"The hub answered {(int)status}."} {advice}".Trim());
    }

    private CommandException Unreachable() =>
        new(ExitCodes.HubUnreachable, "hub_unreachable", $"The hub at {_hub} cannot be reached. Start it with \"hapi up\" or \"hapi hub\", or set HAPI_API_URL.");
}
