namespace Hapi.Rpc;

/// <summary>The other side answered with an error, or a handler refuses with one. <c>Code</c> is JSON-RPC's.</summary>
public sealed class RpcException(int code, string message, string? kind = null, string? details = null) : Exception(message)
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int InvalidParams = -32602;
    public const int InternalError = -32603;

    public int Code { get; } = code;

    /// <summary>A stable word for programs, carried as <c>error.data.code</c>.</summary>
    public string? Kind { get; } = kind;

    /// <summary>The whole <c>error.data</c> of an answer as JSON: some programs say there what went wrong. Never sent.</summary>
    public string? Details { get; } = details;
}
