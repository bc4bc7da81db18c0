using Hapi.Contracts.Api;
using Hapi.Contracts.Machines;
using Hapi.Hub.Http;
using Hapi.Hub.Sessions;

namespace Hapi.Hub.Machines;

/// <summary><c>POST /api/machines/{id}/spawn</c>: each call starts a process. Whatever goes wrong beyond the body is a 200 that says <c>error</c>.</summary>
internal static class SpawnEndpoint
{
    private const string BadText = "It must have 1 to 255 characters, and not begin with a dash.";
    private const int MaxText = 255, MaxPath = 4_096, MaxWords = 200;
    private static readonly TimeSpan s_rowPatience = TimeSpan.FromSeconds(5);

    public static async Task<IResult> SpawnAsync(HttpContext context, string id, RunnerCalls calls, SessionIndex sessions, Waiters waiters)
    {
        if (await Bodies.ReadAsync(context, ApiJson.Default.SpawnSessionRequest) is not { } body)
        {
            return Bodies.Invalid("Invalid body", ErrorCodes.InvalidBody, "body", "It must be an object with members of the right types.");
        }

        if (Fault(body) is { } fault)
        {
            return Bodies.Invalid("Invalid body", ErrorCodes.InvalidBody, fault.Field, fault.Problem);
        }

        var result = await calls.SpawnAsync(id, new SpawnRequest(
            body.Directory!, Agent: body.Agent, Model: body.Model, Effort: body.Effort, ModelReasoningEffort: body.ModelReasoningEffort, PermissionMode: body.PermissionMode, Yolo: body.Yolo,
            SessionType: body.SessionType, WorktreeName: body.WorktreeName, ApprovedNewDirectoryCreation: body.ApprovedNewDirectoryCreation ?? true, StartingMode: body.StartingMode,
            Command: body.Command, By: context.Caller().DeviceName), context.RequestAborted);
        if (result is not { Type: "success", SessionId: { } session })
        {
            return Answer(new("error", Message: result.ErrorMessage, Code: result.Code, Directory: result.Directory));
        }

        // The process has reported to its runner; a client that goes there at once must find the session here, too.
        using var opened = waiters.Expect(Waiters.StartOf(session));
        if (await sessions.AccessAsync(context.Caller().Namespace, session, context.RequestAborted) is Access.Missing)
        {
            await opened.WaitAsync(s_rowPatience, context.RequestAborted);
        }

        return Answer(new("success", session));
    }

    private static IResult Answer(SpawnSessionResponse response) => Bodies.Ok(response, ApiJson.Default.SpawnSessionResponse);

    private static (string Field, string Problem)? Fault(SpawnSessionRequest body) => body switch
    {
        { Directory: not { Length: > 0 and <= MaxPath } } => ("directory", "Required"),
        { Directory: { } directory } when directory.Any(char.IsControl) => ("directory", "It has control characters."),
        { Agent: { } agent } when !IsAgent(agent) => ("agent", "It must be the id of an agent."),
        { SessionType: not (null or "simple" or "worktree") } => ("sessionType", "It must be simple or worktree."),
        { StartingMode: not (null or "remote" or "pty") } => ("startingMode", "It must be remote or pty."),
        { Agent: "agy" or "dsh", StartingMode: "pty" } => ("startingMode", "This agent starts remotely only."),
        { Command: { } words } when words.Count is 0 or > MaxWords || words.Any(w => w is null || w.Length > MaxPath || w.Contains('\0', StringComparison.Ordinal)) => ("command", "It must be a list of words."),
        _ when !Fits(body.PermissionMode) => ("permissionMode", BadText),
        _ when !Fits(body.Model) => ("model", BadText),
        _ when !Fits(body.Effort) => ("effort", BadText),
        _ when !Fits(body.ModelReasoningEffort) => ("modelReasoningEffort", BadText),
        _ when !Fits(body.WorktreeName) => ("worktreeName", BadText),
        _ => null,
    };

    private static bool IsAgent(string agent) => agent is { Length: > 0 and <= 64 } && agent[0] is not '-' && agent.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    // A value that looks like an option must not become one on its way to the process.
    internal static bool Fits(string? text) => text is null || (text is { Length: > 0 and <= MaxText } && text[0] is not '-' && !text.Any(char.IsControl));
}
