using System.Globalization;

namespace Hapi.Runner;

/// <summary>The runner's log: one line an event, with the time, for this user only. Ids, never prompt text, tokens or environment.</summary>
internal sealed class RunnerLog(string path, Action<string> say, TimeProvider time)
{
    private const int MaxNotices = 50;
    private readonly Lock _gate = new();
    private readonly List<string> _notices = [];

    /// <summary>What a person should know, newest last.</summary>
    public IReadOnlyList<string> Notices
    {
        get
        {
            lock (_gate)
            {
                return [.. _notices];
            }
        }
    }

    public void Line(string text)
    {
        say(text);
        lock (_gate)
        {
            try
            {
                PrivateLog.Append(path, $"[{time.GetLocalNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)}] {text}\n");
            }
            catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
            {
                // A full disk is no reason to end.
            }
        }
    }

    /// <summary>A line that also stands in the status.</summary>
    public void Notice(string text)
    {
        lock (_gate)
        {
            if (_notices.Contains(text))
            {
                return;
            }

            _notices.Add(text);
            if (_notices.Count > MaxNotices)
            {
                _notices.RemoveAt(0);
            }
        }

        Line(text);
    }
}
