using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hapi.TestKit;

namespace Hapi.EndToEnd.Tests.Stages;

/// <summary>The published contract, as every client speaks it: JSON over HTTP.</summary>
internal sealed class HubApi : IDisposable
{
    private readonly HttpClient _http;

    private HubApi(Uri hub) => _http = new HttpClient { BaseAddress = hub };

    public static async Task<HubApi> SignInAsync(Uri hub, string token)
    {
        var api = new HubApi(hub);
        var answer = await api.PostAsync("/api/auth", $$"""{"accessToken":"{{token}}"}""");
        api._http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", answer.GetProperty("token").GetString());
        return api;
    }

    public async Task<JsonElement> GetAsync(string path) =>
        JsonElement.Parse(await _http.GetByteArrayAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken));

    public async Task<JsonElement> PostAsync(string path, string body = "{}")
    {
        var (status, json) = await TryPostAsync(path, body);
        return status is HttpStatusCode.OK ? json : throw new InvalidOperationException($"POST {path} answered {(int)status}: {json}");
    }

    public async Task<(HttpStatusCode Status, JsonElement Json)> TryPostAsync(string path, string body = "{}")
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));
    }

    public async Task<JsonElement> SessionAsync(string id) => (await GetAsync($"/api/sessions/{id}")).GetProperty("session");

    /// <summary>The rows of the conversation, oldest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> MessagesAsync(string id) => [.. (await GetAsync($"/api/sessions/{id}/messages?limit=200")).GetProperty("messages").EnumerateArray()];

    /// <summary>What the agent said, text by text.</summary>
    public async Task<IReadOnlyList<string>> TextsAsync(string id) =>
    [
        .. (await MessagesAsync(id)).Select(m => m.GetProperty("content").GetProperty("content"))
            .Where(c => c.TryGetProperty("data", out var data) && data.TryGetProperty("type", out var type) && type.GetString() is "message" && c.GetProperty("type").GetString() is "codex")
            .Select(c => c.GetProperty("data").GetProperty("message").GetString()!),
    ];

    public Task SendAsync(string id, string text, string localId) =>
        PostAsync($"/api/sessions/{id}/messages", $$"""{"text":"{{text}}","localId":"{{localId}}"}""");

    public Task UntilAsync(string what, Func<Task<bool>> condition) => Eventually.TrueAsync(condition, what, TestContext.Current.CancellationToken);

    /// <summary>Waits until the session is known and has a link.</summary>
    public Task ConnectedAsync(string id) => UntilAsync("the session is connected", async () =>
        (await GetAsync("/api/sessions")).GetProperty("sessions").EnumerateArray().Any(s => s.GetProperty("id").GetString() == id && s.GetProperty("active").GetBoolean()));

    /// <summary>Waits until the hub knows the agent's own id of the conversation, and gives it.</summary>
    public async Task<string> AgentAsync(string id)
    {
        await ConnectedAsync(id);
        return await ConversationAsync(id);
    }

    /// <summary>As <see cref="AgentAsync"/>, of a session that may have ended.</summary>
    public async Task<string> ConversationAsync(string id)
    {
        string? native = null;
        await UntilAsync("the agent has a conversation", async () =>
        {
            var metadata = (await SessionAsync(id)).GetProperty("metadata");
            native = metadata.TryGetProperty("demoSessionId", out var demo) ? demo.GetString() : metadata.TryGetProperty("acpSessionId", out var acp) ? acp.GetString() : null;
            return native is not null;
        });
        return native!;
    }

    /// <summary>Waits for a request of the agent and gives its id.</summary>
    public async Task<string> RequestAsync(string id)
    {
        string? request = null;
        await UntilAsync("the agent asks", async () =>
        {
            var state = (await SessionAsync(id)).GetProperty("agentState");
            request = state.ValueKind is JsonValueKind.Object && state.TryGetProperty("requests", out var open) ? open.EnumerateObject().Select(r => r.Name).FirstOrDefault() : null;
            return request is not null;
        });
        return request!;
    }

    /// <summary>Waits until the session is archived and gives its labels.</summary>
    public async Task<(string By, string Reason)> ArchivedAsync(string id)
    {
        (string, string)? labels = null;
        await UntilAsync("the session is archived", async () =>
        {
            var metadata = (await SessionAsync(id)).GetProperty("metadata");
            if (metadata.GetProperty("lifecycleState").GetString() is "archived")
            {
                labels = (metadata.GetProperty("archivedBy").GetString()!, metadata.GetProperty("archiveReason").GetString()!);
            }

            return labels is not null;
        });
        return labels!.Value;
    }

    public void Dispose() => _http.Dispose();
}
