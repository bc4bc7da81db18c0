using Hapi.Processes;
using Hapi.TestKit;

namespace Hapi.Link.Tests;

public sealed class OutboxCrashTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(400)]
    public async Task What_was_safe_is_there_after_a_kill_in_mid_write(int acknowledged)
    {
        using var folder = new TempFolder();
        var last = 0L;
        await using (var writer = ChildProcess.Start(new ChildStart(Environment.ProcessPath!, [DoomedWriter.Argument, folder["session.db"]])))
        {
            using var said = new StreamReader(writer.Output);
            while (last < acknowledged)
            {
                last = long.Parse((await said.ReadLineAsync(TestContext.Current.CancellationToken))!);
            }

            await writer.StopAsync([StopStep.KillTree], TimeSpan.FromSeconds(10));
        }

        await using var next = Outbox.Open(folder["session.db"], TimeProvider.System);
        var older = Assert.Single(next.OlderGenerations());
        var facts = next.Read(older, 0, int.MaxValue, int.MaxValue);
        Assert.True(facts.Count >= last, $"{last} were safe, {facts.Count} are there.");
        Assert.Equal(Enumerable.Range(1, facts.Count).Select(i => ((long)i, $"{i}")), facts.Select(f => (f.N, Samples.TextOf(f))));
    }
}
