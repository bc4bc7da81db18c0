namespace Hapi.Processes;

/// <summary>
/// Everything that came out of one child. A descendant that was re-parented (double fork) is no longer below it in the tree, so on Linux
/// each child carries a mark in its environment, which its descendants inherit and <c>/proc/&lt;pid&gt;/environ</c> shows.
/// </summary>
internal static class ProcessTree
{
    public const string MarkName = "HAPI_PROCESS_MARK";

    /// <summary>Kills what is below the child and what carries its mark, until nothing is left. Linux; elsewhere the framework's tree.</summary>
    public static void Kill(System.Diagnostics.Process child, ProcessIdentity? identity, string mark)
    {
        try
        {
            child.Kill(entireProcessTree: true);
        }
        catch (Exception ex) when (ex is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It is gone already; its descendants may not be.
        }

        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // A process can fork while it is looked for: look until a whole pass finds nobody.
        for (var pass = 0; pass < 50; pass++)
        {
            var found = ProcStat.All()
                .Where(p => p.State is not ('Z' or 'X') && p.Pid != Environment.ProcessId && (p.Parent == identity?.Pid || Carries(p.Pid, mark)))
                .ToList();
            if (found.Count == 0)
            {
                return;
            }

            foreach (var process in found)
            {
                _ = Posix.Kill(process.Pid, Posix.SigKill);
            }
        }
    }

    private static bool Carries(int pid, string mark)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{pid}/environ").AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes($"{MarkName}={mark}\0")) >= 0;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return false; // gone, or another user's
        }
    }
}
