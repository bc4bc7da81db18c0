namespace Hapi.Processes;

/// <summary>How a child is started. Arguments are a list: nothing is ever quoted or split.</summary>
/// <param name="Environment">The child's whole environment; <see langword="null"/> inherits ours.</param>
/// <param name="OwnSession">Linux: the child gets a session of its own, so that neither Ctrl-C nor the hang-up of our terminal reaches it; we decide what it hears.</param>
/// <param name="OnErrorLine">Hears each line of stderr as it comes. stderr is read whether or not somebody listens.</param>
public sealed record ChildStart(
    string FileName,
    IReadOnlyList<string> Arguments,
    string? WorkingDirectory = null,
    IReadOnlyDictionary<string, string>? Environment = null,
    Action<string>? OnErrorLine = null,
    bool OwnSession = false);

/// <summary>How a child ended, and the end of what it wrote to stderr. A child ended by a signal has 128 + its number.</summary>
public sealed record ExitReport(int ExitCode, string StderrTail);

/// <summary>One step of stopping a child. The caller names the steps because they mean different things to different children.</summary>
public enum StopStep
{
    CloseInput,
    Interrupt,
    Terminate,
    KillTree,
}
