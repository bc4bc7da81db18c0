using System.Text;
using System.Text.Json;
using Hapi.Agents;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Session.Commands;
using Hapi.Session.Lifecycles;
using Hapi.Session.Live;
using Hapi.Session.Permissions;
using Hapi.Session.Prompts;
using Hapi.Session.Records;
using Hapi.Session.Turns;
using Hapi.TestKit;
using Hapi.Workspace;

namespace Hapi.Session.Tests.Commands;

public sealed class CommandDispatchTests : IAsyncLifetime
{
    private readonly TempFolder _home = new();
    private readonly SessionFiles _files = new();
    private readonly Lifecycle _lifecycle = new();
    private ConfigDesk _config = null!;
    private CommandDispatch _dispatch = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        var flavor = new AgentFlavor("odd", "Odd", null, [], (_, _, _) => throw new InvalidOperationException("No agent here."));
        var options = new SessionOptions(_home.Path, new Uri("http://127.0.0.1:9"), "t", "1", Guid.NewGuid().ToString(), flavor, new AgentStart("odd", "/", new Dictionary<string, string>()), "m", "h", "terminal");
        var lines = new SilentLines();
        var seat = new AgentSeat(options, new RecordKeeper(new SessionRecords(_home.Path), SessionOpening.Record(options, null)), TimeProvider.System);
        _config = new ConfigDesk(_files.Log, new LiveState(TimeProvider.System), seat, default);
        var inbox = new PromptInbox(_files.Outbox, _files.Log, new PromptQueue(), () => default);
        _dispatch = new CommandDispatch(
            _files.Outbox, _files.Log, inbox, new PermissionDesk(_files.Log, lines), _config, seat, new WorkspaceCalls(_home.Path, TimeProvider.System), _lifecycle, lines);
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        _config.Dispose();
        await _files.DisposeAsync();
        _lifecycle.Dispose();
        _home.Dispose();
    }

    // Row 7.
    [Fact]
    public async Task A_stop_is_answered_and_ends_the_session_for_the_device_that_asked()
    {
        await _dispatch.OnCommandAsync(SessionFiles.Command(CommandKinds.Stop, "1", Encoding.UTF8.GetBytes("""{"reason":"archive"}""")), Token);
        Assert.Equal(FactKinds.CommandAccepted, _files.Kinds()[^1]);
        Assert.Equal(new Ending("terminated", "User terminated", 0, "archive", "Pixel"), _lifecycle.Ending);
    }

    [Fact]
    public async Task What_is_wanted_of_a_session_that_ends_is_refused()
    {
        _lifecycle.End(EndCause.Terminated);
        await _dispatch.OnCommandAsync(SessionFiles.Message("1"), Token);
        Assert.Equal(CommandRefusals.SessionEnding, _files.Facts()[^1].GetProperty("code").GetString());
    }

    // Row 8, asked by the hub.
    [Theory]
    [InlineData("""{"by":"Pixel"}""", "Pixel")]
    [InlineData("{}", null)]
    [InlineData("[]", null)]
    public async Task A_hand_off_is_answered_before_the_end_begins(string args, string? by)
    {
        var answer = await _dispatch.OnCallAsync(MachineCalls.HandOffLocal, RawJson.Parse(args), Token);
        Assert.True(answer!.Value.ToElement().GetProperty("ok").GetBoolean());
        Assert.False(_lifecycle.IsEnding);
        _dispatch.Answered(MachineCalls.HandOffLocal, JsonElement.Parse(args));
        Assert.Equal(new Ending("handoff", "Handed off to local terminal", 0, "handoff", by), _lifecycle.Ending);
    }

    [Fact]
    public async Task An_answered_question_ends_nothing()
    {
        Assert.NotNull(await _dispatch.OnCallAsync("listDirectory", RawJson.Parse("""{"path":"."}"""), Token));
        _dispatch.Answered("listDirectory", JsonElement.Parse("{}"));
        Assert.False(_lifecycle.IsEnding);
    }
}
