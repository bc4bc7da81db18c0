using Hapi.Settings;

namespace Hapi.Doctor;

/// <summary>Everything the doctor looks at, in the order it is told. Nothing is changed by looking.</summary>
internal sealed class Examination(HapiHome home, TimeProvider time)
{
    /// <summary>Gives every finding. A check that fails itself is a finding too.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var files = new HomeChecks(home);
        var processes = new ProcessChecks(home.Folder, time);
        // Those that wait for other programs wait together.
        var hub = GuardAsync("hub", async () => await new HubChecks(home, time).LookAsync(cancellationToken));
        var sessions = GuardAsync("sessions", async () => await processes.SessionsAsync(cancellationToken));
        var agents = GuardAsync("agents", async () => await ToolChecks.AgentsAsync(cancellationToken));
        var git = GuardAsync("git", async () => await ToolChecks.GitAsync(cancellationToken));
        var services = GuardAsync("services", async () => await new ServiceChecks(home).LookAsync(cancellationToken));
        var upstream = GuardAsync("upstream", async () => await new UpstreamChecks(home).LookAsync(cancellationToken));
        return
        [
            .. await GuardAsync("installation", () => HomeChecks.Installation()),
            .. await GuardAsync("home", files.Home),
            .. await GuardAsync("settings", files.Settings),
            .. await hub,
            .. await GuardAsync("runner", processes.Runner),
            .. await sessions,
            .. await GuardAsync("outbox", processes.Outboxes),
            .. await GuardAsync("disk", files.Disk),
            .. await agents,
            .. await git,
            .. await services,
            .. await GuardAsync("logs", files.Logs),
            .. await upstream,
        ];
    }

    private static Task<IReadOnlyList<Finding>> GuardAsync(string check, Func<IEnumerable<Finding>> look) => GuardAsync(check, () => Task.FromResult<IReadOnlyList<Finding>>([.. look()]));

    // One thing that cannot be looked at must not hide the others.
    private static async Task<IReadOnlyList<Finding>> GuardAsync(string check, Func<Task<IReadOnlyList<Finding>>> look)
    {
        try
        {
            return await look();
        }
        catch (Exception ex) when (ex is not OperationCanceledException)
        {
            return [Finding.Fail(check, $"This could not be looked at: {ex.Message}", null)];
        }
    }
}
