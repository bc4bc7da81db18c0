namespace Hapi.Session.Control;

public sealed record StopResult(bool Accepted);
