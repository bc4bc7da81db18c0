using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Rpc;

namespace Hapi.Agents.Claude;

/// <summary>The pipe to one Claude Code: lines both ways, and the answers to what we ask of it by id.</summary>
internal sealed class ClaudeChannel(IRpcTransport transport, TimeProvider time)
{
    /// <summary>Claude Code answers control requests at once, also while it works.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<Answer>> _waiting = new();
    private volatile bool _closed;

    /// <summary>Asks Claude Code itself, not the model.</summary>
    /// <exception cref="RpcClosedException">It is gone.</exception>
    /// <exception cref="TimeoutException">It did not answer.</exception>
    public async Task<Answer> AskAsync(JsonObject request, TimeSpan patience, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString();
        var answer = new TaskCompletionSource<Answer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        try
        {
            if (_closed)
            {
                throw Closed();
            }

            await SendAsync(new JsonObject { ["type"] = "control_request", ["request_id"] = id, ["request"] = request }, cancellationToken);
            return await answer.Task.WaitAsync(patience, time, cancellationToken);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    /// <summary>Answers a question of Claude Code.</summary>
    public ValueTask AnswerAsync(string requestId, JsonObject response, CancellationToken cancellationToken) => SendAsync(
        new JsonObject
        {
            ["type"] = "control_response",
            ["response"] = new JsonObject { ["subtype"] = "success", ["request_id"] = requestId, ["response"] = response },
        },
        cancellationToken);

    public ValueTask RefuseAsync(string requestId, string error, CancellationToken cancellationToken) => SendAsync(
        new JsonObject
        {
            ["type"] = "control_response",
            ["response"] = new JsonObject { ["subtype"] = "error", ["request_id"] = requestId, ["error"] = error },
        },
        cancellationToken);

    public ValueTask SendAsync(JsonObject line, CancellationToken cancellationToken) =>
        transport.SendAsync(Encoding.UTF8.GetBytes(line.ToJsonString()), cancellationToken);

    /// <summary>
    /// Gives every line that is not an answer, until Claude Code hangs up. What is no JSON object (a library that prints, a warning of the
    /// runtime) is passed over. The next line is not read before the caller asks for it.
    /// </summary>
    public async IAsyncEnumerable<JsonElement> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            while (await transport.ReceiveAsync(cancellationToken) is { } bytes)
            {
                if (Parse(bytes.Span) is not { ValueKind: JsonValueKind.Object } line)
                {
                    continue;
                }

                if (line.Text("type") is "control_response")
                {
                    Answered(line.At("response"));
                }
                else
                {
                    yield return line;
                }
            }
        }
        finally
        {
            _closed = true;
            foreach (var waiter in _waiting.Values)
            {
                waiter.TrySetException(Closed());
            }
        }
    }

    private void Answered(JsonElement response)
    {
        if (response.Text("request_id") is { } id && _waiting.TryRemove(id, out var waiter))
        {
            waiter.TrySetResult(new Answer(
                response.At("response"),
                response.Text("subtype") is "error" ? response.Text("error") ?? "Claude Code refused." : null));
        }
    }

    private static JsonElement? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonElement.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static RpcClosedException Closed() => new("Claude Code has ended.");

    /// <param name="Error"><see langword="null"/> when it was done.</param>
    internal sealed record Answer(JsonElement Response, string? Error);
}
