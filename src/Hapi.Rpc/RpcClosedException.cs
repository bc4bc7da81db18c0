namespace Hapi.Rpc;

/// <summary>The connection is gone; nobody will answer. What was asked may or may not have been done.</summary>
public sealed class RpcClosedException(string message, Exception? inner = null) : IOException(message, inner);
