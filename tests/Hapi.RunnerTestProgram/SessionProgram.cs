using System.Runtime.InteropServices;
using System.Text.Json;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Control;
using Hapi.Link;
using Hapi.Processes;
using Hapi.Rpc;
using Hapi.Runner.Doors;

namespace Hapi.RunnerTestProgram;

/// <summary>A session process with one way to behave for each name of an agent. It speaks into its outbox only.</summary>
internal sealed class SessionProgram(string behaviour, string home, string sessionId) : IRpcHandler
{
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<int> RunAsync(string[] args)
    {
        var home = Environment.GetEnvironmentVariable("HAPI_HOME")!;
        await File.WriteAllLinesAsync(Path.Combine(home, "started." + Guid.NewGuid().ToString("N")), [Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), Environment.CurrentDirectory, .. args,
            .. Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(e => $"env {e.Key}={e.Value}")]);
        var id = args[Array.FindIndex(args, a => a is "--new-session-id" or "--existing-session-id") + 1];
        var startedBy = args.Contains("--started-by") ? "runner" : "terminal";
        return await new SessionProgram(args[0], home, id).LiveAsync(startedBy);
    }

    public ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) => default;

    public Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken)
    {
        if (method is ControlMethods.Stop)
        {
            File.WriteAllText(Path.Combine(home, $"stop.{sessionId}"), parameters.GetRawText());
            _ending.TrySetResult();
        }

        return Task.FromResult<ReadOnlyMemory<byte>>("{\"accepted\":true}"u8.ToArray());
    }

    private async Task<int> LiveAsync(string startedBy)
    {
        if (behaviour is "fails")
        {
            await Console.Error.WriteLineAsync("The agent\nis not installed.");
            return 3;
        }

        if (behaviour is "deaf")
        {
            await new TaskCompletionSource().Task;
        }

        using var deafness = behaviour is "stubborn" or "late" ? PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true) : null;
        while (behaviour is "late" && !File.Exists(Path.Combine(home, "late")))
        {
            await Task.Delay(20);
        }

        await using var outbox = Outbox.Open(Path.Combine(home, "outbox", sessionId + ".db"), TimeProvider.System);
        var door = ControlDoor.Open(home, sessionId.Replace("-", "", StringComparison.Ordinal)[^8..], this);
        var me = ProcessIdentity.Current;
        var state = new ProcessState(sessionId, me.Pid, me.StartTime, door.Address, behaviour, Environment.CurrentDirectory, startedBy, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        var running = new RunningSessions(home);
        await SayAsync(outbox, "begun");
        running.Write(state);
        if (behaviour is "worker")
        {
            _ = ChildProcess.Start(new ChildStart("/bin/sh", ["-c", "trap '' TERM HUP; setsid sh -c 'trap \"\" TERM HUP; echo $$ > \"$0\"; while :; do sleep 1; done' \"$0\" & wait", Path.Combine(home, "worker")], OwnSession: true));
            deafness?.Dispose();
            using var ignored = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);
            await ReportAsync(state);
            await new TaskCompletionSource().Task;
        }

        await ReportAsync(state);
        await _ending.Task;
        while (behaviour is "stubborn")
        {
            await Task.Delay(Timeout.InfiniteTimeSpan);
        }

        if (behaviour is "slow")
        {
            await Task.Delay(TimeSpan.FromSeconds(2));
            await SayAsync(outbox, "last words");
        }

        await outbox.AppendAsync(new SessionEnded(1, "terminated", "cli", "Stopped by runner", 0), CancellationToken.None);
        await door.DisposeAsync();
        running.Remove(state);
        return 0;
    }

    private async Task ReportAsync(ProcessState state)
    {
        if (RunnerDoor.Find(home, TimeProvider.System) is { } runner && behaviour is not "absent")
        {
            try
            {
                await runner.SessionStartedAsync(state, CancellationToken.None);
            }
            catch (Exception ex) when (ex is IOException or RpcException)
            {
                await Console.Error.WriteLineAsync(ex.Message);
            }
        }
    }

    private static Task<long> SayAsync(Outbox outbox, string text) => outbox.AppendAsync(new MessageFact(1, RawJson.Parse($$"""{"text":"{{text}}"}""")), CancellationToken.None);
}
