namespace Hapi.Link;

/// <summary>The outbox cannot be used. <c>Code</c> is stable: <c>outbox_owned</c>, <c>outbox_damaged</c>, <c>outbox_unavailable</c>, <c>fact_too_large</c>, <c>disk_full</c>.</summary>
public sealed class OutboxException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}
