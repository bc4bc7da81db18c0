namespace Hapi.Control;

/// <summary>The parameters of a session's <c>stop</c>; <c>hand-off</c> takes <c>By</c> alone.</summary>
/// <param name="Reason">Becomes the archive reason.</param>
/// <param name="By">Who asks: <c>runner</c>, <c>up</c>, <c>doctor</c>, a command.</param>
public sealed record StopRequest(string? Reason, string? By);
