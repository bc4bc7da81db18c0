namespace Hapi.Session.Lifecycles;

/// <summary>How a session ends: the labels of the archive, frozen when the first cause came.</summary>
/// <param name="Reason"><c>completed</c>, <c>terminated</c>, <c>error</c>, <c>handoff</c> or <c>cleared</c>.</param>
internal sealed record Ending(string Reason, string ArchiveReason, int ExitCode);
