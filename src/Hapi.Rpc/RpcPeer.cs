using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Hapi.Rpc;

/// <summary>How a peer writes and what it does with noise.</summary>
/// <param name="WriteVersion">Writes <c>"jsonrpc":"2.0"</c>; on reading it is optional.</param>
/// <param name="OnNoise">Hears each message that is not JSON-RPC (a banner on stdout). It is dropped, never fatal.</param>
/// <param name="MaxConcurrentRequests">Requests of the other side beyond this are refused at once.</param>
public sealed record RpcPeerOptions(bool WriteVersion = true, Action<ReadOnlyMemory<byte>>? OnNoise = null, int MaxConcurrentRequests = 256);

/// <summary>A JSON-RPC 2.0 peer: both sides may ask, at any time, over any transport.</summary>
public sealed class RpcPeer(IRpcTransport transport, IRpcHandler handler, RpcPeerOptions? options = null)
{
    private static readonly ReadOnlyMemory<byte> s_null = "null"u8.ToArray();
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = RpcMessage.MaxDepth };
    private readonly RpcPeerOptions _options = options ?? new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> _waiting = new();
    private readonly ConcurrentDictionary<long, Task> _answering = new();
    private long _lastId, _lastAnswer;
    private volatile bool _closed;

    /// <summary>Asks, and waits for the answer as long as the token allows.</summary>
    /// <exception cref="RpcException">The other side refused.</exception>
    /// <exception cref="RpcClosedException">The other side hung up first.</exception>
    public async Task<JsonElement> RequestAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = _waiting[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            if (_closed)
            {
                throw new RpcClosedException("The connection is closed.");
            }

            await transport.SendAsync(RpcWriter.Request(_options.WriteVersion, id, method, parameters.Span), cancellationToken);
            return await answer.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    /// <inheritdoc cref="RequestAsync(string, ReadOnlyMemory{byte}, CancellationToken)"/>
    /// <exception cref="JsonException">The answer has another shape.</exception>
    public async Task<TResult> RequestAsync<TParams, TResult>(
        string method, TParams parameters, JsonTypeInfo<TParams> write, JsonTypeInfo<TResult> read, CancellationToken cancellationToken)
    {
        var answer = await RequestAsync(method, JsonSerializer.SerializeToUtf8Bytes(parameters, write), cancellationToken);
        return answer.Deserialize(read) ?? throw new JsonException($"The answer to {method} is null.");
    }

    public ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) =>
        transport.SendAsync(RpcWriter.Notification(_options.WriteVersion, method, parameters.Span), cancellationToken);

    public ValueTask NotifyAsync<TParams>(string method, TParams parameters, JsonTypeInfo<TParams> write, CancellationToken cancellationToken) =>
        NotifyAsync(method, JsonSerializer.SerializeToUtf8Bytes(parameters, write), cancellationToken);

    /// <summary>
    /// Reads until the other side hangs up. Whoever still waits then gets an <see cref="RpcClosedException"/>, never silence;
    /// requests of the other side that are still being answered are cancelled.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var hungUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (await transport.ReceiveAsync(cancellationToken) is { } bytes)
            {
                await DispatchAsync(bytes, hungUp.Token);
            }
        }
        finally
        {
            _closed = true;
            foreach (var waiter in _waiting.Values)
            {
                waiter.TrySetException(new RpcClosedException("The other side has closed the connection."));
            }

            await hungUp.CancelAsync();
            await Task.WhenAll(_answering.Values);
        }
    }

    private async ValueTask DispatchAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var message = RpcMessage.Read(bytes.Span);
        switch (message.Kind)
        {
            case RpcMessageKind.Notification:
                await handler.NotifyAsync(message.Method, Slice(bytes, message.Params), cancellationToken);
                break;
            case RpcMessageKind.Request:
                BeginAnswer(message.Method, bytes[message.Id].ToArray(), JsonElement.Parse(Slice(bytes, message.Params).Span, s_deep), cancellationToken);
                break;
            case RpcMessageKind.Answer:
                Settle(message, bytes);
                break;
            default:
                _options.OnNoise?.Invoke(bytes);
                break;
        }
    }

    private void BeginAnswer(string method, byte[] id, JsonElement parameters, CancellationToken cancellationToken)
    {
        var key = Interlocked.Increment(ref _lastAnswer);
        var busy = _answering.Count >= _options.MaxConcurrentRequests;
        var task = Task.Run(() => AnswerAsync(method, id, parameters, busy, cancellationToken), CancellationToken.None);
        _answering[key] = task;
        _ = task.ContinueWith(_ => _answering.TryRemove(key, out Task? _), TaskScheduler.Default);
    }

    private async Task AnswerAsync(string method, byte[] id, JsonElement parameters, bool busy, CancellationToken cancellationToken)
    {
        byte[] answer;
        try
        {
            if (busy)
            {
                throw new RpcException(RpcException.InvalidRequest, "Too many requests are open.", "too_many_requests");
            }

            var result = await handler.RequestAsync(method, parameters, cancellationToken);
            answer = RpcWriter.Result(_options.WriteVersion, id, result.Span);
        }
        catch (RpcException ex)
        {
            answer = RpcWriter.Error(_options.WriteVersion, id, ex);
        }
        catch (OperationCanceledException)
        {
            answer = RpcWriter.Error(_options.WriteVersion, id, new RpcException(RpcException.InternalError, "The request was cancelled."));
        }
        catch (Exception)
        {
            // What went wrong inside is not the other side's business.
            answer = RpcWriter.Error(_options.WriteVersion, id, new RpcException(RpcException.InternalError, "The request failed."));
        }

        try
        {
            await transport.SendAsync(answer, CancellationToken.None);
            handler.Answered(method);
        }
        catch (RpcClosedException)
        {
            // Nobody is left to hear the answer.
        }
    }

    private void Settle(RpcMessage message, ReadOnlyMemory<byte> bytes)
    {
        // Our ids are numbers; an answer with any other id is nobody's and is dropped.
        if (!System.Buffers.Text.Utf8Parser.TryParse(bytes[message.Id].Span, out long id, out var read)
            || read != bytes[message.Id].Length || !_waiting.TryGetValue(id, out var waiter))
        {
            _options.OnNoise?.Invoke(bytes);
            return;
        }

        if (message.Error.Equals(default))
        {
            waiter.TrySetResult(JsonElement.Parse(Slice(bytes, message.Result).Span, s_deep));
        }
        else
        {
            waiter.TrySetException(RpcWriter.ReadError(JsonElement.Parse(bytes[message.Error].Span, s_deep)));
        }
    }

    private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> bytes, Range part) => part.Equals(default) ? s_null : bytes[part];
}
