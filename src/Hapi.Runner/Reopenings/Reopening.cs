using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Link;
using Hapi.Rpc;
using Hapi.Runner.Doors;

namespace Hapi.Runner.Reopenings;

/// <summary>
/// Asks the hub, once, to bring back what was interrupted on this machine. Only when everything that the dead left is delivered and told: the hub
/// decides by that. A link that ends before the answer makes it ask again on the next one.
/// </summary>
internal sealed class Reopening(string machineId, HubLink link, RunnerLog log, TimeProvider time)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100), s_flush = TimeSpan.FromSeconds(30);

    public ReopenStatus Status { get; private set; } = new("waiting");

    public async Task RunAsync(Task adopted, CancellationToken cancellationToken)
    {
        await adopted.WaitAsync(cancellationToken);
        while (true)
        {
            if (link.State is not LinkState.Connected || !await link.FlushAsync(s_flush))
            {
                await Task.Delay(s_look, time, cancellationToken);
                continue;
            }

            try
            {
                Status = new("asked");
                var result = await link.AskAsync(LinkMethods.ReopenInterrupted, new ReopenInterruptedRequest(machineId),
                    LinkJson.Default.ReopenInterruptedRequest, LinkJson.Default.ReopenInterruptedResult, cancellationToken);
                Status = new("done", null, result.Reopened, result.Failed, result.Skipped);
                log.Line($"Interrupted sessions: {result.Reopened.Count} reopened, {result.Failed.Count} failed, {result.Skipped.Count} left alone.");
                foreach (var (id, why) in result.Failed)
                {
                    log.Notice($"Session {id} could not be reopened: {why}");
                }

                return;
            }
            catch (RpcClosedException)
            {
                Status = new("waiting");
                await Task.Delay(s_look, time, cancellationToken);
            }
            catch (Exception ex) when (ex is RpcException or System.Text.Json.JsonException)
            {
                Status = new("failed", ex.Message);
                log.Notice($"The hub does not reopen what was interrupted: {ex.Message}");
                return;
            }
        }
    }
}
