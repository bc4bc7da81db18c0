using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Hapi.Contracts.Api;

namespace Hapi.Hubs;

/// <summary>The hub's REST API, as its owner's command line uses it.</summary>
internal sealed class HubClient : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly HttpClient _http;
    private readonly Uri _hub;

    private HubClient(Uri hub)
    {
        _hub = hub;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = !hub.IsLoopback }) { BaseAddress = hub, Timeout = s_patience };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("hapi-cli", null)); // so the audit can tell the command line from a browser
    }

    /// <summary>Whether a Hapi hub answers there.</summary>
    public static async Task<bool> AnswersAsync(Uri hub, CancellationToken cancellationToken)
    {
        using var client = new HubClient(hub);
        try
        {
            var health = await client._http.GetFromJsonAsync("/health", ApiJson.Default.Health, cancellationToken);
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
        return client;
    }

    public Task<PairingCodeResponse> PairingCodeAsync(CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Post, "/api/pairing-codes", JsonContent.Create(new PairingCodeRequest(), ApiJson.Default.PairingCodeRequest), ApiJson.Default.PairingCodeResponse, cancellationToken);

    public Task<DeviceList> DevicesAsync(CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, "/api/devices", null, ApiJson.Default.DeviceList, cancellationToken);

    public Task<Done> RevokeAsync(string deviceId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"/api/devices/{Uri.EscapeDataString(deviceId)}", null, ApiJson.Default.Done, cancellationToken);

    public Task<SessionDetail> SessionAsync(string sessionId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, $"/api/sessions/{Uri.EscapeDataString(sessionId)}", null, ApiJson.Default.SessionDetail, cancellationToken);

    /// <param name="query">Names and values; those without a value are left out.</param>
    public Task<AuditPage> AuditAsync(IEnumerable<(string Name, string? Value)> query, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Get, "/api/audit?" + string.Join('&', query.Where(q => q.Value is not null).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value!)}")), null, ApiJson.Default.AuditPage, cancellationToken);

    public Task<AuditProof> VerifyAuditAsync(CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, "/api/audit/verify", null, ApiJson.Default.AuditProof, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? body, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body };
            using var answer = await _http.SendAsync(request, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return await answer.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw new JsonException("The answer is empty.");
            }

            var error = await answer.Content.ReadFromJsonAsync(ApiJson.Default.ApiError, cancellationToken);
            throw answer.StatusCode switch
            {
                HttpStatusCode.Unauthorized => new CommandException(ExitCodes.NotSignedIn, "token_refused", $"The hub at {_hub} does not accept this token. Run \"hapi auth login\"."),
                HttpStatusCode.TooManyRequests => new CommandException(ExitCodes.NotSignedIn, "rate_limited", error?.Error ?? "The hub refuses further attempts for a while."),
                _ => new CommandException(ExitCodes.Failed, error?.Code ?? "hub_refused", error?.Error ?? $"The hub answered {(int)answer.StatusCode}."),
            };
        }
        catch (HttpRequestException)
        {
            throw Unreachable();
        }
        catch (JsonException)
        {
            throw new CommandException(ExitCodes.HubUnreachable, "not_a_hub", $"What answers at {_hub} is no Hapi hub. Check HAPI_API_URL.");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable();
        }
    }

    private CommandException Unreachable() =>
        new(ExitCodes.HubUnreachable, "hub_unreachable", $"The hub at {_hub} cannot be reached. Start it with \"hapi up\" or \"hapi hub\", or set HAPI_API_URL.");
}
