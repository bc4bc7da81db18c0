namespace Hapi.Settings;

/// <summary>
/// A proxy in the environment must never carry what stays on this machine: hooks and links would silently go nowhere. Children inherit this too.
/// </summary>
internal static class Proxies
{
    private static readonly string[] s_loopback = ["localhost", "127.0.0.1", "::1"];

    public static void BypassLoopback()
    {
        var given = Environment.GetEnvironmentVariable("NO_PROXY") ?? Environment.GetEnvironmentVariable("no_proxy") ?? "";
        var hosts = given.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToList();
        if (hosts.Contains("*"))
        {
            return;
        }

        hosts.AddRange(s_loopback.Where(h => !hosts.Contains(h, StringComparer.OrdinalIgnoreCase)));
        var merged = string.Join(',', hosts);
        Environment.SetEnvironmentVariable("NO_PROXY", merged);
        Environment.SetEnvironmentVariable("no_proxy", merged);
    }
}
