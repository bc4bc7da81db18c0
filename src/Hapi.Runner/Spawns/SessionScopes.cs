using System.Globalization;
using Hapi.Processes;

namespace Hapi.Runner.Spawns;

/// <summary>
/// Where systemd serves this user, each session gets a scope of its own: neither the stop of the runner's unit nor its memory limit takes the session
/// along. Elsewhere a session is in a process session of its own, and no more.
/// </summary>
/// <param name="systemdRun">The program; <see langword="null"/> when there is none.</param>
internal sealed class SessionScopes(string? systemdRun, TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private Task<bool>? _probe;

    /// <summary>Whether scopes can really be made here. Tried once.</summary>
    public Task<bool> AvailableAsync() => LazyInitializer.EnsureInitialized(ref _probe, ProbeAsync);

    public bool Available => _probe is { IsCompletedSuccessfully: true } probe && probe.GetAwaiter().GetResult();

    /// <summary>What stands before a session's command line; empty where there are no scopes. The program runs in its place, with its pid.</summary>
    public async Task<IReadOnlyList<string>> PrefixAsync(string sessionId) => await AvailableAsync()
        ? [systemdRun!, "--user", "--scope", "--quiet", "--collect", string.Create(CultureInfo.InvariantCulture, $"--unit=hapi-session-{sessionId[..8]}-{time.GetUtcNow().ToUnixTimeMilliseconds()}"), "--"]
        : [];

    private async Task<bool> ProbeAsync()
    {
        if (systemdRun is null)
        {
            return false;
        }

        try
        {
            await using var probe = ChildProcess.Start(new ChildStart(systemdRun, ["--user", "--scope", "--quiet", "--collect", "--", "/bin/true"], OwnSession: true), time);
            probe.Input.Close();
            return (await probe.Completion.WaitAsync(s_patience, time)).ExitCode == 0;
        }
        catch (Exception ex) when (ex is TimeoutException or ProgramNotFoundException or IOException)
        {
            return false;
        }
    }
}
