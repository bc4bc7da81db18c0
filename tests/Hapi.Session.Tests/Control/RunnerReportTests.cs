using System.Text.Json;
using Hapi.Control;
using Hapi.Processes;
using Hapi.Rpc;
using Hapi.Session.Control;
using Hapi.TestKit;

namespace Hapi.Session.Tests.Control;

public sealed class RunnerReportTests : IDisposable
{
    private static readonly ProcessState s_me = new("0b8b7c1e-5a53-4c8a-9a4f-2f6f0a1d3c5e", 7, 8, "/run/door.sock", "acp", "/project", "runner", 9);
    private readonly TempFolder _home = new();
    private readonly HeardLines _lines = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task The_runner_is_told_who_is_there_and_where_its_door_is()
    {
        var runner = new Runner();
        await using var door = ControlDoor.Open(_home.Path, "runner", runner);
        WriteState(door.Address, ProcessIdentity.Current.StartTime);
        await SendAsync();
        Assert.Equal(ControlMethods.SessionStarted, runner.Method);
        Assert.Equal(s_me, runner.Said);
        Assert.Empty(_lines.All);
    }

    [Fact]
    public async Task A_state_file_that_a_dead_runner_left_is_not_believed()
    {
        var stranger = new Runner();
        await using var door = ControlDoor.Open(_home.Path, "runner", stranger);
        WriteState(door.Address, ProcessIdentity.Current.StartTime - 1);
        await SendAsync();
        Assert.Null(stranger.Method);
        Assert.Empty(_lines.All);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{ half")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"control":7,"pid":"me","startTime":null}""")]
    [InlineData("""{"control":"/nowhere.sock","pid":99999999999,"startTime":1}""")]
    public async Task A_state_file_of_another_shape_harms_nothing(string text)
    {
        await File.WriteAllTextAsync(_home[RunnerReport.StateFile], text, TestContext.Current.CancellationToken);
        await SendAsync();
    }

    [Fact]
    public async Task Without_a_runner_nothing_is_said()
    {
        await SendAsync();
        Assert.Empty(_lines.All);
    }

    [Fact]
    public async Task A_runner_that_does_not_answer_is_only_spoken_of()
    {
        WriteState(_home["no-such.sock"], ProcessIdentity.Current.StartTime);
        await SendAsync();
        Assert.Contains("did not take notice", Assert.Single(_lines.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runner_that_refuses_is_only_spoken_of()
    {
        await using var door = ControlDoor.Open(_home.Path, "runner", new Runner { Refuses = true });
        WriteState(door.Address, ProcessIdentity.Current.StartTime);
        await SendAsync();
        Assert.Contains("not mine", Assert.Single(_lines.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runner_that_takes_its_time_is_given_two_seconds()
    {
        var time = new ManualTime();
        var runner = new Runner { Sleeps = true };
        await using var door = ControlDoor.Open(_home.Path, "runner", runner);
        WriteState(door.Address, ProcessIdentity.Current.StartTime);
        var sending = RunnerReport.SendAsync(_home.Path, s_me, _lines, time);
        await Eventually.TrueAsync(() => runner.Method is not null, "the runner is asked", TestContext.Current.CancellationToken);
        Assert.False(sending.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        await sending;
        Assert.Contains("did not take notice", Assert.Single(_lines.All), StringComparison.Ordinal);
    }

    private Task SendAsync() => RunnerReport.SendAsync(_home.Path, s_me, _lines, TimeProvider.System);

    private void WriteState(string control, long startTime) => File.WriteAllText(
        _home[RunnerReport.StateFile], $$"""{"version":"9.9.9","control":"{{control}}","pid":{{Environment.ProcessId}},"startTime":{{startTime}},"sessions":[1,2]}""");

    private sealed class Runner : IRpcHandler
    {
        public bool Refuses { get; init; }

        public bool Sleeps { get; init; }

        public string? Method { get; private set; }

        public ProcessState? Said { get; private set; }

        public ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) => default;

        public async Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken)
        {
            (Said, Method) = (parameters.Deserialize(ControlJson.Default.ProcessState), method);
            if (Sleeps)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            return Refuses ? throw new RpcException(RpcException.InvalidRequest, "It is not mine.") : "{}"u8.ToArray();
        }
    }
}
