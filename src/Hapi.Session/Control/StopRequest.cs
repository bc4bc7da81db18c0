namespace Hapi.Session.Control;

/// <summary>The parameters of <c>stop</c>.</summary>
/// <param name="Reason">Becomes the archive reason.</param>
/// <param name="By">Who asks: <c>runner</c>, <c>up</c>, a command.</param>
public sealed record StopRequest(string? Reason, string? By);
