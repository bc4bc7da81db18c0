using System.Text;
using System.Text.Json;
using Hapi.Contracts.Link;

namespace Hapi.Contracts.Tests.Link;

public sealed class FactTests
{
    public static TheoryData<string> Kinds => [.. typeof(FactKinds).GetFields().Select(f => (string)f.GetValue(null)!)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_a_fact_that_is_written_with_its_kind_first(string kind)
    {
        var fact = Assert.Single(Samples(), f => f.Kind == kind);
        var json = Encoding.UTF8.GetString(FactWriter.Write(fact));
        Assert.StartsWith($$"""{"kind":"{{kind}}",""", json, StringComparison.Ordinal);
        Assert.Equal(7, JsonElement.Parse(json).GetProperty("at").GetInt64());
    }

    [Fact]
    public void Absent_members_are_not_written()
    {
        var json = Encoding.UTF8.GetString(FactWriter.Write(new MessageFact(7, RawJson.Parse("{}"))));
        Assert.DoesNotContain("localId", json, StringComparison.Ordinal);
    }

    private static IEnumerable<Fact> Samples()
    {
        var empty = RawJson.Parse("{}");
        yield return new SessionOpened(7, "tag", "demo", empty, empty, new MachineIdentity("m", empty));
        yield return new MessageFact(7, empty, "l");
        yield return new MetadataPatch(7, new Dictionary<string, RawJson> { ["a"] = empty });
        yield return new StatePatch(7, null, ["a"]);
        yield return new RequestOpened(7, "r", "Bash", empty);
        yield return new RequestClosed(7, "r", "approved");
        yield return new MessagesConsumed(7, ["l"]);
        yield return new MessagesRequeued(7, ["l"]);
        yield return new MessagesIndeterminate(7, ["l"]);
        yield return new CommandAccepted(7, "c");
        yield return new CommandRefused(7, "c", CommandRefusals.NotFound);
        yield return new SessionReady(7);
        yield return new SessionEnded(7, "completed", "cli", "Session completed", 0);
        yield return new AuditFact(7, "session", "started");
        yield return new MachineOpened(7, new MachineIdentity("m", empty), empty);
        yield return new MachinePatch(7, null, ["a"]);
        yield return new ProcessStarted(7, "s", 1, 2, "runner");
        yield return new ProcessDied(7, "s", 1, 2);
        yield return new ProcessStopped(7, "s", 1, 2, "Stopped by runner", "accepted", "cli", "stop-session");
    }
}
