namespace Hapi.Control;

/// <summary>A session's answer to <c>status</c>.</summary>
/// <param name="Link"><c>connecting</c>, <c>connected</c>, <c>unreachable</c> or <c>refused</c>.</param>
public sealed record SessionStatus(string SessionId, int Pid, long StartTime, string Flavor, string Directory, bool Thinking, string Link, long Generation);
