using Hapi.Doctor;
using Hapi.Processes;
using Hapi.TestKit;

namespace Hapi.Cli.Tests.Doctor;

/// <summary>The runner's state file may be anything.</summary>
public sealed class RunnerFileTests : IDisposable
{
    private readonly TempFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void None_is_none() => Assert.Equal(RunnerFileKind.Missing, RunnerFile.Read(_home.Path).Kind);

    [Theory]
    [InlineData("{ half", RunnerFileKind.Damaged)]
    [InlineData("[]", RunnerFileKind.Damaged)]
    [InlineData("{}", RunnerFileKind.Damaged)]
    [InlineData("""{"pid":"1","startTime":2,"control":"/x"}""", RunnerFileKind.Damaged)]
    [InlineData("""{"pid":7,"httpPort":4711,"startTime":"9.3.2026, 12:00:00","startedWithCliVersion":"0.29.0"}""", RunnerFileKind.Upstream)]
    [InlineData("""{"pid":7,"startTime":2,"control":"/x","version":"0.1.0"}""", RunnerFileKind.Ours)]
    public void Each_shape_is_told_apart(string content, object kind)
    {
        File.WriteAllText(RunnerFile.PathIn(_home.Path), content);
        Assert.Equal(kind, RunnerFile.Read(_home.Path).Kind);
    }

    [Fact]
    public void A_pid_that_another_program_has_by_now_is_not_the_runner()
    {
        var me = ProcessIdentity.Current;
        File.WriteAllText(RunnerFile.PathIn(_home.Path), $$"""{"pid":{{me.Pid}},"startTime":{{me.StartTime + 1}},"control":"/x"}""");
        Assert.False(RunnerFile.Read(_home.Path).IsAlive);
        File.WriteAllText(RunnerFile.PathIn(_home.Path), $$"""{"pid":{{me.Pid}},"startTime":{{me.StartTime}},"control":"/x"}""");
        Assert.True(RunnerFile.Read(_home.Path).IsAlive);
    }
}
