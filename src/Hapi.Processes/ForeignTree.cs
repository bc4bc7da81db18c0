using System.Text;

namespace Hapi.Processes;

/// <summary>The tree below a process that is not our child.</summary>
public static class ForeignTree
{
    private const int MaxPasses = 50;
    private static readonly byte[] s_mark = Encoding.ASCII.GetBytes(ProcessTree.MarkName + "=");

    /// <summary>
    /// Kills the process and everything that came out of it. On Linux also those who were re-parented: a child that Hapi starts carries a mark in
    /// its environment, and so does everything below it.
    /// </summary>
    public static void Kill(ProcessIdentity root)
    {
        if (!root.IsAlive())
        {
            return;
        }

        if (!OperatingSystem.IsLinux())
        {
            Signals.Kill(root);
            return;
        }

        var known = new HashSet<ProcessIdentity> { root };
        // The mark of whoever the process itself was started by is on strangers too.
        var foreign = Mark(root.Pid);
        // A process that is stopped cannot fork: stop until nobody new is found, then kill.
        _ = Posix.Kill(root.Pid, Posix.SigStop);
        for (var (pass, before) = (0, 0); pass < MaxPasses && before != known.Count; pass++)
        {
            before = known.Count;
            foreach (var found in Find(known, foreign))
            {
                known.Add(found);
                _ = Posix.Kill(found.Pid, Posix.SigStop);
            }
        }

        foreach (var process in known.Where(p => p.IsAlive()))
        {
            _ = Posix.Kill(process.Pid, Posix.SigKill);
        }
    }

    private static List<ProcessIdentity> Find(HashSet<ProcessIdentity> known, string? foreign)
    {
        var pids = known.Select(p => p.Pid).ToHashSet();
        var marks = known.Select(p => Mark(p.Pid)).OfType<string>().Where(m => m != foreign).ToHashSet(StringComparer.Ordinal);
        return [.. ProcStat.All()
            .Where(p => p.State is not ('Z' or 'X') && p.Pid != Environment.ProcessId && !pids.Contains(p.Pid))
            .Where(p => pids.Contains(p.Parent) || (Mark(p.Pid) is { } mark && marks.Contains(mark)))
            .Select(p => new ProcessIdentity(p.Pid, p.StartTime))];
    }

    private static string? Mark(int pid)
    {
        try
        {
            foreach (var range in Split(File.ReadAllBytes($"/proc/{pid}/environ")))
            {
                if (range.AsSpan().StartsWith(s_mark))
                {
                    return Encoding.ASCII.GetString(range.AsSpan(s_mark.Length));
                }
            }
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // gone, or another user's
        }

        return null;
    }

    private static IEnumerable<ArraySegment<byte>> Split(byte[] block)
    {
        for (var start = 0; start < block.Length;)
        {
            var end = Array.IndexOf(block, (byte)0, start);
            end = end < 0 ? block.Length : end;
            yield return new(block, start, end - start);
            start = end + 1;
        }
    }
}
