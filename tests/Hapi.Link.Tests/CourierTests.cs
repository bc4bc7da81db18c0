using Hapi.Contracts.Link;
using Hapi.TestKit;

namespace Hapi.Link.Tests;

public sealed class CourierTests : LinkStage
{
    [Fact]
    public async Task What_a_dead_session_left_is_delivered_under_its_own_generations_and_nothing_of_the_couriers()
    {
        var first = await LeaveAsync("one", "two");
        var second = await LeaveAsync("three");

        Assert.Equal(new CourierReport(CourierOutcome.Delivered), await DeliverAsync());
        Assert.Equal([(first, "one"), (first, "two"), (second, "three")], Hub.Applied);
        var hello = Assert.Single(Hub.Hellos);
        Assert.Equal((LinkRoles.Courier, Samples.SessionId), (hello.Role, hello.SessionId));
        await using var next = Open();
        Assert.Empty(next.OlderGenerations());
    }

    [Fact]
    public async Task An_empty_outbox_needs_no_hub()
    {
        await LeaveAsync();
        await Hub.DieAsync();
        Assert.Equal(new CourierReport(CourierOutcome.Delivered), await DeliverAsync(hubIsThere: false));
        await Hub.StartAsync(Token);
        Assert.Empty(Hub.Hellos);
    }

    [Fact]
    public async Task A_live_owner_keeps_its_outbox()
    {
        await using var outbox = Open();
        await outbox.AppendAsync(Samples.Message("mine"), Token);
        Assert.Equal(CourierOutcome.Owned, (await DeliverAsync()).Outcome);
        Assert.Empty(Hub.Applied);
    }

    [Fact]
    public async Task Without_a_hub_the_outbox_is_free_again_and_holds_everything()
    {
        await LeaveAsync("kept");
        await Hub.DieAsync();
        Assert.Equal(CourierOutcome.Unreachable, (await DeliverAsync()).Outcome);
        await Hub.StartAsync(Token);
        Assert.Equal(CourierOutcome.Delivered, (await DeliverAsync()).Outcome);
        Assert.Equal(["kept"], Hub.Applied.Select(a => a.Text));
    }

    [Fact]
    public async Task A_session_that_starts_while_a_courier_is_there_waits_for_it()
    {
        await LeaveAsync("slow to go");
        Hub.Acknowledges = false;
        using var hurry = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var courier = DeliverAsync(cancellationToken: hurry.Token);
        await Eventually.TrueAsync(() => Hub.Applied.Count == 1, "the courier is at it", Token);
        var session = Task.Run(() => Open(), Token);
        await hurry.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => courier);
        await using var outbox = await session;
        Assert.Single(outbox.OlderGenerations());
    }

    [Fact]
    public async Task A_refusal_and_a_damaged_file_are_told()
    {
        await LeaveAsync("foreign");
        Hub.Refusal = new Rpc.RpcException(-32000, "This session is another's.", "access_denied");
        Assert.Equal(new CourierReport(CourierOutcome.Refused, "This session is another's."), await DeliverAsync());
        foreach (var part in Directory.EnumerateFiles(Path.GetDirectoryName(File)!, Path.GetFileName(File) + "-*"))
        {
            System.IO.File.Delete(part);
        }

        await System.IO.File.WriteAllTextAsync(File, new string('x', 4096), Token);
        Assert.Equal(CourierOutcome.Damaged, (await DeliverAsync()).Outcome);
        Assert.Equal(CourierOutcome.Delivered, (await DeliverAsync()).Outcome);
    }

    private async Task<long> LeaveAsync(params string[] texts)
    {
        await using var outbox = Open();
        foreach (var text in texts)
        {
            await outbox.AppendAsync(Samples.Message(text), Token);
        }

        return outbox.Generation;
    }

    private Task<CourierReport> DeliverAsync(bool hubIsThere = true, CancellationToken? cancellationToken = null) =>
        Courier.DeliverAsync(new LinkOptions(Hub.Url, "token", Samples.SessionId, "1.0"), File, hubIsThere, TimeProvider.System, cancellationToken ?? Token);
}
