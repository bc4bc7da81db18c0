using System.Text;
using System.Text.Json;
using Hapi.Contracts.Link;

namespace Hapi.Agents.Claude;

/// <summary>Texts and thoughts: while they are written, and settled. Both carry the same id, made of the message's id and the block's place in it.</summary>
internal sealed class ClaudeTexts
{
    private const string Text = "text", Reasoning = "reasoning";
    private readonly Dictionary<string, Writer> _writers = [];

    public void Streamed(JsonElement chunk, string? run, List<ClaudeStep> steps)
    {
        var writer = WriterOf(run);
        switch (chunk.Text("type"))
        {
            case "message_start":
                writer.End(steps);
                writer.Begin(chunk.At("message").Text("id") ?? "");
                break;
            case "content_block_start":
                writer.End(steps);
                writer.Open((int)(chunk.Number("index") ?? 0), KindOf(chunk.At("content_block").Text("type")));
                break;
            case "content_block_delta" when writer.Kind is { } kind:
                if (chunk.At("delta").Text(kind is Text ? "text" : "thinking") is { Length: > 0 } more)
                {
                    steps.Add(new Showing(new LiveStream(writer.Append(more), kind, writer.Snapshot, run)));
                }

                break;
            case "message_stop":
                writer.End(steps);
                break;
        }
    }

    /// <summary>A finished block. Gives <see langword="false"/> when the block is neither text nor thought.</summary>
    public bool Settle(JsonElement block, string messageId, string? run, List<ClaudeStep> steps)
    {
        if (KindOf(block.Text("type")) is not { } kind)
        {
            WriterOf(run).Pass(messageId);
            return false;
        }

        var text = block.Text(kind is Text ? "text" : "thinking") ?? "";
        if (string.IsNullOrWhiteSpace(text))
        {
            WriterOf(run).End(steps);
            return true;
        }

        var id = WriterOf(run).Settle(messageId, kind);
        steps.Add(new Settled(kind is Text ? new TextSettled(id, text) { Run = run } : new ReasoningSettled(id, text) { Run = run }));
        return true;
    }

    /// <summary>Ends what was shown and will not settle any more.</summary>
    public void EndAll(List<ClaudeStep> steps)
    {
        foreach (var writer in _writers.Values)
        {
            writer.End(steps);
        }
    }

    private Writer WriterOf(string? run)
    {
        if (!_writers.TryGetValue(run ?? "", out var writer))
        {
            _writers[run ?? ""] = writer = new Writer();
        }

        return writer;
    }

    private static string? KindOf(string? blockType) => blockType switch
    {
        "text" => Text,
        "thinking" => Reasoning,
        _ => null,
    };

    /// <summary>The message one model is writing; the conversation and each sub-agent have their own.</summary>
    private sealed class Writer
    {
        private readonly StringBuilder _text = new();
        private string _message = "";
        private int _index, _next;
        private bool _shown;

        public string? Kind { get; private set; }

        public string Snapshot => _text.ToString();

        public void Begin(string message) => (_message, _next, Kind) = (message, 0, null);

        public void Open(int index, string? kind)
        {
            (_index, _next, Kind) = (index, index, kind);
            _text.Clear();
        }

        /// <summary>Gives the id of the stream.</summary>
        public string Append(string more)
        {
            _text.Append(more);
            _shown = true;
            return Id(_index);
        }

        /// <summary>Gives the block its id. The settled block comes before the end of its stream; without a stream blocks are counted.</summary>
        public string Settle(string message, string kind)
        {
            if (_message == message && Kind == kind)
            {
                (Kind, _shown, _next) = (null, false, _index + 1);
                return Id(_index);
            }

            return Id(Count(message));
        }

        public void Pass(string message) => Count(message);

        public void End(List<ClaudeStep> steps)
        {
            if (_shown)
            {
                steps.Add(new ShowingEnded(Id(_index)));
            }

            (Kind, _shown) = (null, false);
        }

        private int Count(string message)
        {
            if (_message != message)
            {
                Begin(message);
            }

            return _next++;
        }

        private string Id(int index) => $"{_message}:{index}";
    }
}
