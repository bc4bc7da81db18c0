using Hapi.Contracts.Link;
using Hapi.Control;
using Hapi.Link;
using Hapi.Processes;

namespace Hapi.Runner.Machines;

/// <summary>What the runner tells the hub. Each method completes when the fact is safe on disk.</summary>
internal sealed class RunnerFacts(Outbox outbox, TimeProvider time)
{
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task AppendAsync(Fact fact) => outbox.AppendAsync(fact, CancellationToken.None);

    /// <summary>Passes on the word of somebody else who ended a process.</summary>
    public Task StoppedAsync(StoppedProcess stopped) => StoppedAsync(stopped.SessionId, stopped.Identity, stopped.Reason, stopped.Outcome, stopped.By, stopped.Why);

    public Task StoppedAsync(string sessionId, ProcessIdentity process, string reason, string outcome, string by, string why) =>
        AppendAsync(new ProcessStopped(Now, sessionId, process.Pid, process.StartTime, reason, outcome, by, why));
}
