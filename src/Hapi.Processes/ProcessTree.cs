using System.Diagnostics;
using System.Text;

namespace Hapi.Processes;

/// <summary>
/// Everything that came out of one child. Linux finds it in three ways, because each alone loses somebody: by parents, as long as
/// the parent lives; by a mark in the environment, which <c>/proc/&lt;pid&gt;/environ</c> shows of those who were re-parented (double fork);
/// and by memory, for those who were seen below it once and have cleared their environment.
/// </summary>
internal sealed class ProcessTree(Process child, ProcessIdentity? identity, string mark, bool ownsSession)
{
    public const string MarkName = "HAPI_PROCESS_MARK";
    private const int MaxPasses = 50;
    private readonly byte[] _mark = Encoding.ASCII.GetBytes($"{MarkName}={mark}\0");
    private readonly HashSet<ProcessIdentity> _known = [];
    private readonly Lock _gate = new();

    /// <summary>Remembers who is there. Call it before anything that may end a parent.</summary>
    public void Look()
    {
        if (OperatingSystem.IsLinux())
        {
            lock (_gate)
            {
                Find();
            }
        }
    }

    /// <summary>Kills all of them. Elsewhere than on Linux it is the framework's tree.</summary>
    public void Kill()
    {
        if (!OperatingSystem.IsLinux())
        {
            KillAsTheFrameworkDoes();
            return;
        }

        lock (_gate)
        {
            // A process that is stopped cannot fork: stop until nobody new is found, then kill.
            for (var pass = 0; pass < MaxPasses && Find() is { Count: > 0 } found; pass++)
            {
                found.ForEach(p => Posix.Kill(p.Pid, Posix.SigStop));
            }

            foreach (var process in _known.Where(p => p.IsAlive()))
            {
                _ = Posix.Kill(process.Pid, Posix.SigKill);
            }
        }
    }

    // Gives who was not known before.
    private List<ProcessIdentity> Find()
    {
        _known.RemoveWhere(p => !p.IsAlive());
        var all = ProcStat.All().Where(p => p.State is not ('Z' or 'X') && p.Pid != Environment.ProcessId).ToList();
        var parents = _known.Select(p => p.Pid).ToHashSet();
        var found = new List<ProcessIdentity>();
        var session = Session(all);
        if (identity is { } top && top.IsAlive())
        {
            parents.Add(top.Pid);
            Add(top);
        }

        // One who is found may be the parent of one that was passed over before.
        for (var before = -1; before != found.Count;)
        {
            before = found.Count;
            foreach (var process in all.Where(p => parents.Contains(p.Parent) || (session is not null && p.Session == session) || Carries(p.Pid)).ToList())
            {
                all.Remove(process);
                parents.Add(process.Pid);
                Add(new(process.Pid, process.StartTime));
            }
        }

        return found;

        void Add(ProcessIdentity process)
        {
            if (_known.Add(process))
            {
                found.Add(process);
            }
        }
    }

    // A session's number is its leader's pid, which nobody else gets while somebody is in the session; afterwards it may be a stranger's.
    private int? Session(List<ProcStat> all) =>
        ownsSession && identity is { } leader && !all.Exists(p => p.Pid == leader.Pid && p.StartTime != leader.StartTime) ? leader.Pid : null;

    private bool Carries(int pid)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{pid}/environ").AsSpan().IndexOf(_mark) >= 0;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return false; // gone, or another user's
        }
    }

    private void KillAsTheFrameworkDoes()
    {
        try
        {
            child.Kill(entireProcessTree: true);
        }
        catch (Exception ex) when (ex is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It is gone already.
        }
    }
}
