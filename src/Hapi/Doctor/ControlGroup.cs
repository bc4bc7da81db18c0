namespace Hapi.Doctor;

/// <summary>The systemd unit a process runs under, read from its control group.</summary>
/// <param name="Unit">For example <c>hapi-runner.service</c>.</param>
/// <param name="OfUser">It belongs to a user's manager, not to the system's.</param>
internal sealed record ControlGroup(string Unit, bool OfUser)
{
    /// <summary>Gives <see langword="null"/> for a process that is in no service: a terminal's, a scope of its own, a container's.</summary>
    public static ControlGroup? Of(int pid)
    {
        try
        {
            return Read(File.ReadAllText($"/proc/{pid}/cgroup"));
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <param name="text">The content of <c>/proc/&lt;pid&gt;/cgroup</c>.</param>
    public static ControlGroup? Read(string text)
    {
        var path = text.Split('\n').Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3 && parts[0] is "0" or "1").Select(parts => parts[2]).FirstOrDefault() ?? "";
        var units = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var last = Array.FindLastIndex(units, u => u.EndsWith(".service", StringComparison.Ordinal) || u.EndsWith(".scope", StringComparison.Ordinal));
        if (last < 0 || !units[last].EndsWith(".service", StringComparison.Ordinal) || units[last].StartsWith("user@", StringComparison.Ordinal))
        {
            return null;
        }

        return new ControlGroup(units[last], units[..last].Any(u => u.StartsWith("user@", StringComparison.Ordinal)));
    }
}
