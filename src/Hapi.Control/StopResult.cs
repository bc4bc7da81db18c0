namespace Hapi.Control;

/// <summary>The stop was taken: the session ends by itself now.</summary>
public sealed record StopResult(bool Accepted);
