using System.Text;

namespace Hapi.Agents.Acp.Updates;

/// <summary>A text or thought the agent is still writing. Safe to be read while it grows; nothing is shown of it once it is closed.</summary>
internal sealed class OpenText(string id, bool isThought, string? messageId)
{
    /// <summary>A shorter beginning can repeat by chance; a longer one is a sender that sends the whole text again each time.</summary>
    private const int CumulativeFrom = 24;
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private bool _closed, _shown;

    public string Id => id;

    public bool IsThought => isThought;

    /// <summary>Tells whether a chunk goes on with this text.</summary>
    public bool Continues(bool thought, string? message) => thought == isThought && (message is null || messageId is null || message == messageId);

    public void Append(string chunk)
    {
        lock (_gate)
        {
            if (_text.Length >= CumulativeFrom && chunk.Length >= _text.Length && chunk.StartsWith(_text.ToString(), StringComparison.Ordinal))
            {
                _text.Clear();
            }

            _text.Append(chunk);
        }
    }

    /// <summary>Gives what is written so far to <paramref name="show"/>, unless there is nothing to see or the text is closed.</summary>
    public void Show(Action<string> show)
    {
        lock (_gate)
        {
            if (!_closed && HasWords())
            {
                _shown = true;
                show(_text.ToString());
            }
        }
    }

    /// <summary>Ends it. <c>Text</c> is <see langword="null"/> when there are no words in it; <c>Shown</c> tells whether somebody has seen it grow.</summary>
    public (string? Text, bool Shown) Close()
    {
        lock (_gate)
        {
            _closed = true;
            return (HasWords() ? _text.ToString() : null, _shown);
        }
    }

    public string Peek()
    {
        lock (_gate)
        {
            return _text.ToString();
        }
    }

    private bool HasWords()
    {
        foreach (var piece in _text.GetChunks())
        {
            if (!piece.Span.IsWhiteSpace())
            {
                return true;
            }
        }

        return false;
    }
}
