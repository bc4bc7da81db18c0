using System.Text;

namespace Hapi.Processes;

/// <summary>The last lines of what a child writes to stderr. Memory stays bounded whatever the child does.</summary>
internal sealed class StderrTail(Action<string>? onLine)
{
    private const int MaxLines = 40, MaxLineLength = 4_000;
    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new(MaxLines);

    /// <summary>Reads to the end even when nobody wants it: a full pipe blocks the child.</summary>
    public async Task ReadAsync(StreamReader reader)
    {
        var buffer = new char[4096];
        var line = new StringBuilder();
        int count;
        while ((count = await reader.ReadAsync(buffer)) > 0)
        {
            foreach (var c in buffer.AsSpan(0, count))
            {
                if (c == '\n')
                {
                    Add(line);
                }
                else if (c != '\r' && line.Length < MaxLineLength)
                {
                    line.Append(c);
                }
            }
        }

        Add(line);
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return string.Join('\n', _lines);
        }
    }

    private void Add(StringBuilder line)
    {
        if (line.Length == 0)
        {
            return;
        }

        var text = line.ToString();
        line.Clear();
        lock (_gate)
        {
            if (_lines.Count == MaxLines)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(text);
        }

        onLine?.Invoke(text);
    }
}
