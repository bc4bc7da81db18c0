using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Hapi.Rpc;

/// <summary>How a peer writes and what it does with noise.</summary>
/// <param name="WriteVersion">Writes <c>"jsonrpc":"2.0"</c>; on reading it is optional.</param>
/// <param name="OnNoise">Hears each message that is not JSON-RPC (a banner on stdout). It is dropped, never fatal.</param>
/// <param name="MaxDepth">How deep a message may nest; a deeper one is noise.</param>
/// <param name="MaxConcurrentRequests">Requests of the other side beyond this are refused at once.</param>
public sealed record RpcPeerOptions(bool WriteVersion = true, Action<ReadOnlyMemory<byte>>? OnNoise = null, int MaxConcurrentRequests = 256, int MaxDepth = RpcPeerOptions.DefaultMaxDepth)
{
    public const int DefaultMaxDepth = 256;
}

/// <summary>A JSON-RPC 2.0 peer: both sides may ask, at any time, over any transport.</summary>
public sealed class RpcPeer(IRpcTransport transport, IRpcHandler handler, RpcPeerOptions? options = null)
{
    private static readonly ReadOnlyMemory<byte> s_null = "null"u8.ToArray();
    private readonly RpcPeerOptions _options = options ?? new();
    private readonly JsonDocumentOptions _depth = new() { MaxDepth = (options ?? new()).MaxDepth };
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> _waiting = new();
    private readonly ConcurrentDictionary<long, Task> _answering = new();
    private long _lastId, _lastAnswer;
    private volatile bool _closed;

    /// <summary>Asks, and waits for the answer as long as the token allows.</summary>
    /// <exception cref="RpcException">The other side refused.</exception>
    /// <exception cref="RpcClosedException">The other side hung up first.</exception>
    public Task<JsonElement> RequestAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) =>
        RequestAsync(method, parameters, null, cancellationToken);

    /// <inheritdoc cref="RequestAsync(string, ReadOnlyMemory{byte}, CancellationToken)"/>
    /// <param name="onSent">Called when the request has been written: from then on the other side may have acted on it.</param>
    public async Task<JsonElement> RequestAsync(string method, ReadOnlyMemory<byte> parameters, Action? onSent, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = _waiting[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            if (_closed)
            {
                throw new RpcClosedException("The connection is closed.");
            }

            // Who gives up waiting does not break off the message: half of one would break the connection.
            await transport.SendAsync(RpcWriter.Request(_options.WriteVersion, id, method, parameters.Span), cancellationToken).AsTask().WaitAsync(cancellationToken);
            onSent?.Invoke();
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
        var message = RpcMessage.Read(bytes.Span, _options.MaxDepth);
        switch (message.Kind)
        {
            case RpcMessageKind.Notification:
                await HearAsync(message, bytes, cancellationToken);
                break;
            case RpcMessageKind.Request when _answering.Count >= _options.MaxConcurrentRequests:
                // The reader itself refuses: who floods us and does not read the answers is held up by them.
                await RefuseAsync(bytes[message.Id], new(RpcException.InvalidRequest, "Too many requests are open.", "too_many_requests"));
                break;
            case RpcMessageKind.Request:
                BeginAnswer(message.Method, bytes[message.Id].ToArray(), Parse(Slice(bytes, message.Params)), cancellationToken);
                break;
            case RpcMessageKind.Invalid:
                await RefuseAsync(bytes[message.Id], new(RpcException.InvalidRequest, "This is no request."));
                break;
            case RpcMessageKind.Answer:
                Settle(message, bytes);
                break;
            default:
                _options.OnNoise?.Invoke(bytes);
                break;
        }
    }

    // A notification in another shape than its reader knows is noise too; any other failure of the handler ends the connection.
    private async ValueTask HearAsync(RpcMessage message, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await handler.NotifyAsync(message.Method, Slice(bytes, message.Params), cancellationToken);
        }
        catch (Exception ex) when (IsWrongShape(ex))
        {
            _options.OnNoise?.Invoke(bytes);
        }
    }

    private async Task RefuseAsync(ReadOnlyMemory<byte> id, RpcException refusal)
    {
        try
        {
            await transport.SendAsync(RpcWriter.Error(_options.WriteVersion, id.Span, refusal), CancellationToken.None);
        }
        catch (RpcClosedException)
        {
            // Nobody is left to hear it; the reader finds out by itself.
        }
    }

    // What the JSON readers throw: another type, a missing member, a string with half a surrogate pair.
    private static bool IsWrongShape(Exception exception) => exception is JsonException or FormatException or KeyNotFoundException || exception.GetType() == typeof(InvalidOperationException);

    private void BeginAnswer(string method, byte[] id, JsonElement parameters, CancellationToken cancellationToken)
    {
        var key = Interlocked.Increment(ref _lastAnswer);
        var task = Task.Run(() => AnswerAsync(method, id, parameters, cancellationToken), CancellationToken.None);
        _answering[key] = task;
        _ = task.ContinueWith(_ => _answering.TryRemove(key, out Task? _), TaskScheduler.Default);
    }

    private async Task AnswerAsync(string method, byte[] id, JsonElement parameters, CancellationToken cancellationToken)
    {
        byte[] answer;
        try
        {
            var result = await handler.RequestAsync(method, parameters, cancellationToken);
            answer = RpcWriter.Result(_options.WriteVersion, id, result.Span);
        }
        catch (RpcException ex)
        {
            answer = RpcWriter.Error(_options.WriteVersion, id, ex);
        }
        catch (JsonException)
        {
            answer = RpcWriter.Error(_options.WriteVersion, id, new RpcException(RpcException.InvalidParams, "The parameters have another shape."));
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

        var sent = false;
        try
        {
            await transport.SendAsync(answer, CancellationToken.None);
            sent = true;
        }
        catch (RpcClosedException)
        {
            // Nobody is left to hear the answer.
        }

        handler.Answered(method, parameters, sent);
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
            waiter.TrySetResult(Parse(Slice(bytes, message.Result)));
        }
        else
        {
            waiter.TrySetException(RpcWriter.ReadError(Parse(bytes[message.Error])));
        }
    }

    private JsonElement Parse(ReadOnlyMemory<byte> json) => JsonElement.Parse(json.Span, _depth);

    private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> bytes, Range part) => part.Equals(default) ? s_null : bytes[part];
}
