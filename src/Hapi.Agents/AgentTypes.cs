using Hapi.Contracts;
using Hapi.Contracts.Link;

namespace Hapi.Agents;

/// <summary>How an agent is started. <c>Environment</c> is the whole environment of the child; nothing of Hapi's secrets is in it.</summary>
/// <param name="Flavor">The agent's id: <c>claude</c>, <c>acp</c>, <c>demo</c>.</param>
/// <param name="Directory">The session's folder, absolute.</param>
/// <param name="NativeSessionId">The agent's own id of the conversation to resume.</param>
/// <param name="Command">The program and its arguments for <c>acp</c>; for the others it replaces the program.</param>
/// <param name="ExtraArguments">The user's own arguments for the agent.</param>
/// <param name="HapiExecutable">The command line that runs this very executable, for agents that ship in it.</param>
public sealed record AgentStart(
    string Flavor,
    string Directory,
    IReadOnlyDictionary<string, string> Environment,
    string? NativeSessionId = null,
    string? PermissionMode = null,
    string? Model = null,
    string? Effort = null,
    IReadOnlyList<string>? Command = null,
    IReadOnlyList<string>? ExtraArguments = null,
    IReadOnlyList<string>? HapiExecutable = null,
    bool Fork = false);

/// <summary>What is known once the agent takes prompts.</summary>
public sealed record AgentReady(
    string? NativeSessionId,
    string? Model,
    string? PermissionMode,
    IReadOnlyList<ModeOption> Modes,
    IReadOnlyList<ModelOption> Models,
    IReadOnlyList<string> SlashCommands,
    string? AgentVersion = null);

/// <param name="OnGiven">Called once, as soon as the prompt has been written to the agent: from then on the agent may have acted on it.</param>
public sealed record AgentPrompt(string Text, IReadOnlyList<PromptAttachment>? Attachments = null, Action? OnGiven = null);

public sealed record PromptAttachment(string Path, string FileName, string MimeType, long Size);

public enum TurnEnd
{
    Completed,
    Aborted,
    Failed,

    /// <summary>The program died, or its pipe broke, before it said how the turn ended.</summary>
    AgentGone,
}

/// <summary>How a turn ended. For <see cref="TurnEnd.Failed"/> and <see cref="TurnEnd.AgentGone"/>, <c>Message</c> says why in one sentence; it has not been emitted.</summary>
public sealed record TurnResult(TurnEnd End, string? Message = null);

/// <summary>What to change; <see langword="null"/> leaves a setting as it is.</summary>
public sealed record AgentConfig(string? PermissionMode = null, string? Model = null, bool ClearModel = false, string? Effort = null, bool ClearEffort = false);

/// <summary><c>Refusal</c> is <see langword="null"/> when everything was applied; otherwise one sentence, and nothing was.</summary>
public sealed record ConfigResult(string? PermissionMode, string? Model, string? Effort, string? Refusal = null);

/// <summary>How the program ended: its exit code, and in one sentence what a person should know when it was not asked to end.</summary>
/// <param name="Then">What it means for the session.</param>
public sealed record AgentExit(int ExitCode, string? Message, AfterExit Then = AfterExit.Usual);

/// <summary>What becomes of a session whose agent is gone by itself.</summary>
public enum AfterExit
{
    /// <summary>Code 0 completes the session; after any other the agent is started again with the next message.</summary>
    Usual,

    /// <summary>Nothing can go on: the session ends, and <see cref="AgentExit.Message"/> says why.</summary>
    Fails,

    /// <summary>A person began the conversation anew: this session is over, another takes its place.</summary>
    Cleared,
}

/// <summary>What a person is asked. <c>Id</c> is the agent's own tool-call id, which links the card with the call.</summary>
public sealed record PermissionAsk(string Id, string Tool, RawJson Arguments, AskKind Kind = AskKind.Permission, IReadOnlyList<RequestOption>? Options = null);

public enum AskKind
{
    Permission,
    Question,
    Plan,
}

public enum Verdict
{
    Approved,
    ApprovedForSession,
    Denied,

    /// <summary>Denied, and the turn is to stop.</summary>
    Abort,
}

/// <param name="Answers">For questions: <c>{key: [string]}</c> or <c>{key: {answers: [string]}}</c>.</param>
/// <param name="Mode">The permission mode to go on with (leaving plan mode).</param>
/// <param name="UpdatedInput">The tool's input as the person changed it.</param>
public sealed record PermissionDecision(
    Verdict Verdict, string? Reason = null, string? Mode = null, IReadOnlyList<string>? AllowTools = null, RawJson? Answers = null, RawJson? UpdatedInput = null);
