namespace Hapi.Runner;

/// <summary>An agent that this executable can run, as far as the runner must know it.</summary>
/// <param name="Id">Its command, and its flavor.</param>
/// <param name="NeedsCommand">It is any agent of a kind: the request brings its command line, or an earlier start has left it.</param>
/// <param name="Settings">What can be chosen before it starts: <c>model</c>, <c>effort</c>, <c>permission</c>.</param>
public sealed record LaunchableAgent(string Id, bool NeedsCommand, IReadOnlyList<string> Settings);
