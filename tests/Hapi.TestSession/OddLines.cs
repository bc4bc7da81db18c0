using Hapi.Session;

namespace Hapi.TestSession;

/// <summary>Status lines on stderr, or an event handler that fails when the link tells that it has no hub.</summary>
internal sealed class OddLines(string mode) : IStatusLines
{
    public void Say(string line)
    {
        if (mode is "event" && line.Contains("cannot be reached", StringComparison.Ordinal))
        {
            throw new InvalidOperationException("The event handler failed.");
        }

        Console.Error.WriteLine(line);
    }
}
