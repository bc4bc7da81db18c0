using Hapi.Contracts.Link;
using Hapi.Processes;
using Hapi.Runner.Tests.Stages;
using Hapi.TestKit;

namespace Hapi.Runner.Tests.Reopenings;

public sealed class ReopeningTests : RunnerStage
{
    [Fact]
    public async Task It_asks_after_the_deaths_are_told_and_again_on_the_next_link_until_it_is_answered()
    {
        var session = await SessionAsync();
        Signals.Kill(session.Identity);
        await RunnerAsync("reopen=yes");
        await Eventually.TrueAsync(() => Hub.ReopenRequests >= 2, "it asks again", Token);
        Assert.Single(Hub.Of(FactKinds.ProcessDied, session.SessionId));

        Hub.Reopens = new([session.SessionId], new Dictionary<string, string> { ["f"] = "no such folder" }, ["s"]);
        await Eventually.TrueAsync(async () => (await Door.StatusAsync(Token)).Reopen?.State is "done", "it is answered", Token);
        var asked = Hub.ReopenRequests;
        Hub.Cut();
        await Eventually.TrueAsync(() => Hub.Hellos.Count(h => h.Role is LinkRoles.Runner) > asked, "there is another link", Token);
        Assert.Equal(asked, Hub.ReopenRequests);
        var status = await Door.StatusAsync(Token);
        Assert.Equal([session.SessionId], status.Reopen!.Reopened);
        Assert.Contains(status.Notices, n => n.Contains("no such folder", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_wish_nothing_is_asked()
    {
        Hub.Reopens = new([], new Dictionary<string, string>(), []);
        await RunnerAsync();
        await Hub.HasAsync(FactKinds.MachineOpened);
        await Eventually.TrueAsync(async () => (await Door.StatusAsync(Token)).Adopted, "it has adopted", Token);
        Assert.Equal(0, Hub.ReopenRequests);
    }
}
