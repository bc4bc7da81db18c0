using System.Text.Json;

namespace Hapi.Rpc;

/// <summary>What a peer does with what the other side starts.</summary>
public interface IRpcHandler
{
    /// <summary>
    /// One notification at a time, in the order of arrival; the next message waits for it. The bytes of <paramref name="parameters"/>
    /// are valid until it completes.
    /// </summary>
    ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken);

    /// <summary>
    /// Answers one request with JSON in UTF-8. It may take an hour (a person decides): requests never hold up the reader.
    /// Throw <see cref="RpcException"/> to refuse.
    /// </summary>
    Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken);

    /// <summary>An answer to the other side's request has been sent, good or bad: what is sent from now on comes after it.</summary>
    void Answered(string method)
    {
    }

    /// <summary>What became of an answer, good or bad.</summary>
    /// <param name="parameters">Those of the request.</param>
    /// <param name="sent"><see langword="false"/>: whoever asked had hung up before.</param>
    void Answered(string method, JsonElement parameters, bool sent)
    {
        if (sent)
        {
            Answered(method);
        }
    }
}
