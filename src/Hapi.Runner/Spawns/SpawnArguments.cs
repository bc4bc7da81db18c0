using Hapi.Contracts.Machines;

namespace Hapi.Runner.Spawns;

/// <summary>The command line of a session process. Each value is joined to its option, so that none can be read as an option of its own.</summary>
internal static class SpawnArguments
{
    private const int MaxLength = 32 * 1024;

    /// <summary>Gives why the request cannot become a command line, or <see langword="null"/>.</summary>
    public static string? Refusal(SpawnRequest request, LaunchableAgent agent)
    {
        string?[] values = [request.ResumeSessionId, request.Model, request.Effort, request.ModelReasoningEffort, request.PermissionMode, .. request.Command ?? []];
        return values.Any(v => v is { Length: > MaxLength } || v?.Contains('\0', StringComparison.Ordinal) is true) ? "A value of the request is no argument."
            : request.StartingMode is not (null or "remote") ? $"There is no starting mode \"{request.StartingMode}\" here; sessions start in \"remote\"."
            : request.SessionType is not (null or "simple" or "worktree") ? $"There is no session type \"{request.SessionType}\"."
            : request.Command is { Count: > 0 } && !agent.NeedsCommand ? $"{agent.Id} takes no command line."
            : agent.NeedsCommand && request.Command is not { Count: > 0 } && request.ExistingSessionId is null ? $"{agent.Id} needs the agent's command line."
            : null;
    }

    public static IReadOnlyList<string> Of(SpawnRequest request, LaunchableAgent agent, string sessionId)
    {
        var arguments = new List<string> { agent.Id };
        Add("--resume", request.ResumeSessionId);
        if (request is { ForkSession: true, ResumeSessionId: not null })
        {
            arguments.Add("--fork-session");
        }

        arguments.AddRange(["--hapi-starting-mode", "remote", "--started-by", "runner", request.ExistingSessionId is null ? "--new-session-id" : "--existing-session-id", sessionId]);
        Add("--model", request.Model);
        Add("--effort", request.Effort ?? request.ModelReasoningEffort);
        Add("--permission-mode", request.PermissionMode);
        if (request is { Yolo: true, PermissionMode: null })
        {
            arguments.Add("--yolo");
        }

        return request.Command is { Count: > 0 } command ? [.. arguments, "--", .. command] : arguments;

        void Add(string option, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                arguments.Add($"{option}={value}");
            }
        }
    }
}
