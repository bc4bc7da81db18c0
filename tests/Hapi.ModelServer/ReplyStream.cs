using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Hapi.ModelServer;

/// <summary>Writes an answer as server-sent events, at the pace of its step.</summary>
internal sealed class ReplyStream(HttpResponse response, Answer answer, Gates gates)
{
    private const int ArgumentPiece = 40;
    private readonly TimeSpan _pace = TimeSpan.FromMilliseconds(answer.Step.DelayMs);

    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        await response.StartAsync(cancellationToken);
    }

    /// <summary>Waits where the step says so, after the stream has begun.</summary>
    public async Task HoldAsync(CancellationToken cancellationToken)
    {
        if (answer.Step.Hang)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        if (answer.Step.Gate is { } gate)
        {
            await gates.PassAsync(gate, cancellationToken);
        }
    }

    /// <param name="name">The event's name; <see langword="null"/> for a line without one.</param>
    public Task EventAsync(string? name, JsonNode data, CancellationToken cancellationToken) => LineAsync(name, data.ToJsonString(), cancellationToken);

    public async Task LineAsync(string? name, string data, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        if (name is not null)
        {
            text.Append("event: ").Append(name).Append('\n');
        }

        text.Append("data: ").Append(data).Append("\n\n");
        await response.WriteAsync(text.ToString(), cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    public async Task PacedAsync(ScriptedText text, Func<string, Task> write, CancellationToken cancellationToken)
    {
        foreach (var (gate, piece) in text.Pieces(answer.Step.Chunk))
        {
            if (gate is not null)
            {
                await gates.PassAsync(gate, cancellationToken);
                continue;
            }

            await write(piece);
            if (_pace > TimeSpan.Zero)
            {
                await Task.Delay(_pace, cancellationToken);
            }
        }
    }

    public static async Task ArgumentsAsync(ToolCall call, Func<string, Task> write)
    {
        foreach (var piece in ScriptedText.Cut(call.Input.ToJsonString(), ArgumentPiece))
        {
            await write(piece);
        }
    }
}
