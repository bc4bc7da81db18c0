namespace Hapi.TestKit;

/// <summary>A text is not what the golden file says.</summary>
public sealed class GoldenMismatchException(string message) : Exception(message);
