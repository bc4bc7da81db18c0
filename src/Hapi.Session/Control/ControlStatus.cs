namespace Hapi.Session.Control;

/// <summary>The answer to <c>status</c>.</summary>
public sealed record ControlStatus(string SessionId, int Pid, long StartTime, string Flavor, string Directory, bool Thinking, string Link, long Generation);
