using Hapi.Contracts.Link;
using Hapi.TestKit;

namespace Hapi.Link.Tests;

public sealed class HubLinkTests : LinkStage
{
    [Fact]
    public async Task Everything_appended_is_applied_in_order_and_forgotten()
    {
        await using var outbox = Open();
        await using var link = Connect(outbox);
        await Task.WhenAll(Enumerable.Range(1, 1000).Select(i => outbox.AppendAsync(Samples.Message($"{i}"), Token)));

        Assert.True(await link.FlushAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => (outbox.Generation, $"{i}")), Hub.Applied);
        await Eventually.TrueAsync(() => outbox.Read(outbox.Generation, 0, 1, int.MaxValue).Count == 0, "the outbox is empty", Token);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Nothing_is_lost_doubled_or_reordered_whatever_the_hub_does(int seed)
    {
        var chance = new Random(seed);
        await using var outbox = Open();
        await using var link = Connect(outbox);
        const int Facts = 400;
        for (var i = 1; i <= Facts; i++)
        {
            await outbox.AppendAsync(Samples.Message($"{i}"), Token);
            switch (chance.Next(40))
            {
                case 0:
                    Hub.Cut();
                    break;
                case 1:
                    Hub.Acknowledges = !Hub.Acknowledges;
                    break;
                case 2:
                    await Hub.DieAsync();
                    await Hub.StartAsync(Token);
                    break;
            }
        }

        Hub.Acknowledges = true;
        Hub.Cut(); // facts whose acknowledgement was kept back are settled by the next hello
        await Eventually.TrueAsync(() => link.FlushAsync(TimeSpan.FromMilliseconds(100)), "the hub has everything", Token);
        Assert.Equal(Enumerable.Range(1, Facts).Select(i => $"{i}"), Hub.Applied.Select(f => f.Text));
        Assert.Equal(0, Hub.Gaps);
    }

    [Fact]
    public async Task What_a_dead_process_left_is_delivered_first_under_its_own_generation()
    {
        long older;
        await using (var outbox = Open())
        {
            older = outbox.Generation;
            await outbox.AppendAsync(Samples.Message("old 1"), Token);
            await outbox.AppendAsync(Samples.Message("old 2"), Token);
        }

        await using var next = Open();
        await next.AppendAsync(Samples.Message("new"), Token);
        await using var link = Connect(next);

        Assert.True(await link.FlushAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal([(older, "old 1"), (older, "old 2"), (next.Generation, "new")], Hub.Applied);
        Assert.Equal([older], Hub.Hellos[0].Older);
        await Eventually.TrueAsync(() => next.OlderGenerations().Count == 0, "the older generation is forgotten", Token);
    }

    [Fact]
    public async Task What_the_hub_had_of_a_dead_process_is_forgotten_at_the_hello()
    {
        Hub.Acknowledges = false;
        await using (var outbox = Open())
        {
            await using var first = Connect(outbox);
            await outbox.AppendAsync(Samples.Message("once"), Token);
            await Eventually.TrueAsync(() => Hub.Applied.Count == 1, "it is applied", Token);
        }

        await using var next = Open();
        await using var link = Connect(next);

        await Eventually.TrueAsync(() => next.OlderGenerations().Count == 0, "the older generation is forgotten", Token);
        Assert.Single(Hub.Applied);
    }

    [Fact]
    public async Task Large_facts_never_make_a_frame_that_the_hub_refuses()
    {
        await using var outbox = Open();
        for (var i = 0; i < 6; i++)
        {
            await outbox.AppendAsync(Samples.Message(new string('x', LinkLimits.MaxFactBytes - 1000)), Token);
        }

        await using var link = Connect(outbox);
        Assert.True(await link.FlushAsync(TimeSpan.FromSeconds(20)));
        Assert.True(Hub.LargestFrame < LinkLimits.MaxFrameBytes);
        Assert.Single(Hub.Hellos);
    }

    [Fact]
    public async Task A_fact_that_is_refused_for_good_is_told()
    {
        await using var outbox = Open();
        await using var link = Connect(outbox);
        var refused = new TaskCompletionSource<RefuseNotice>();
        link.FactRefused += refused.SetResult;
        await UpAsync(link);

        await Hub.NotifyAsync(LinkMethods.Refuse, $$"""{"owner":"{{Samples.SessionId}}","generation":1,"n":7,"code":"bad_shape","message":"no"}""");

        var told = await refused.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
        Assert.Equal((7, "bad_shape"), (told.N, told.Code));
    }
}
