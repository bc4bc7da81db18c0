using System.Collections.Concurrent;

namespace Hapi.Session.Tests;

/// <summary>Remembers what was said.</summary>
internal sealed class HeardLines : IStatusLines
{
    private readonly ConcurrentQueue<string> _all = new();

    public IReadOnlyList<string> All => [.. _all];

    public void Say(string line) => _all.Enqueue(line);
}
