using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Hub.Http;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Reopens;

/// <summary>Ends a session so that a terminal on its machine can go on with it.</summary>
internal sealed class LocalHandOff(SessionStore sessions, SessionCalls calls, HubReader reader, Waiters waiters)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    /// <summary>Gives <see langword="null"/> when no process runs the session any more, otherwise a code and a text.</summary>
    public async Task<(string Code, string Message)?> HandOffAsync(string id, string by, CancellationToken cancellationToken)
    {
        if (!await IsRunningAsync(id, cancellationToken))
        {
            return null;
        }

        if (await reader.ReadAsync(sql => SessionRows.Find(sql, id) is { } row && JsonObjects.Parse(row.AgentState)["controlledByUser"]?.GetValueKind() is JsonValueKind.True, cancellationToken))
        {
            return (ErrorCodes.AlreadyLocal, "A terminal on its machine has this session already.");
        }

        using var ended = waiters.Expect(Waiters.EndOf(id));
        var answer = await calls.CallAsync(id, MachineCalls.HandOffLocal, JsonObjects.Raw(new JsonObject { ["by"] = by }), cancellationToken);
        if (Problem(answer) is { } problem)
        {
            return (ErrorCodes.HandOffFailed, problem);
        }

        await ended.WaitAsync(s_patience, cancellationToken);
        return await IsRunningAsync(id, cancellationToken) ? (ErrorCodes.HandOffFailed, "The session did not end in time.") : null;
    }

    private static string? Problem(CallResult answer)
    {
        if (answer.Problem is not null)
        {
            return answer.Message ?? answer.Problem;
        }

        try
        {
            return JsonSerializer.Deserialize(answer.Result.Utf8.Span, LinkJson.Default.HandOffResult) is { Ok: true } ? null
                : JsonSerializer.Deserialize(answer.Result.Utf8.Span, LinkJson.Default.HandOffResult)?.Error ?? "The session would not be handed off.";
        }
        catch (JsonException)
        {
            return "The session gave an answer that this hub does not understand.";
        }
    }

    private async Task<bool> IsRunningAsync(string id, CancellationToken cancellationToken) =>
        sessions.IsConnected(id) && await reader.ReadAsync(sql => SessionRows.Find(sql, id) is { EndedAt: null }, cancellationToken);
}
