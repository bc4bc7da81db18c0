namespace Hapi.Hub;

/// <summary>The hub cannot start. <c>Message</c> is one line for the user; <c>Code</c> is stable.</summary>
public sealed class HubStartException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}
