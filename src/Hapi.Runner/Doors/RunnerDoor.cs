using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Control;
using Hapi.Processes;
using Hapi.Rpc;
using Hapi.Runner.State;

namespace Hapi.Runner.Doors;

/// <summary>Another process's way to the runner of this home: one question a call, at its private door.</summary>
/// <remarks>Every question throws <see cref="IOException"/> when nobody answers there, <see cref="RpcException"/> when the runner refuses.</remarks>
public sealed class RunnerDoor(RunnerState state, TimeProvider time)
{
    // A stop may climb its whole ladder, a spawn waits for the report.
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(5), s_stop = TimeSpan.FromSeconds(40), s_spawn = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_leaves = TimeSpan.FromSeconds(4), s_look = TimeSpan.FromMilliseconds(50);
    private static readonly ReadOnlyMemory<byte> s_nothing = "{}"u8.ToArray();

    public RunnerState State => state;

    /// <summary>Gives <see langword="null"/> when no runner of this home is alive.</summary>
    public static RunnerDoor? Find(string home, TimeProvider time) => new RunnerStateFile(home).Read().Running is { } state ? new(state, time) : null;

    public Task<RunnerStatus> StatusAsync(CancellationToken cancellationToken) => AskAsync(ControlMethods.Status, RunnerJson.Default.RunnerStatus, s_soon, cancellationToken);

    public Task<RunnerSessions> ListAsync(CancellationToken cancellationToken) => AskAsync(RunnerMethods.List, RunnerJson.Default.RunnerSessions, s_soon, cancellationToken);

    public Task<SpawnResult> SpawnAsync(SpawnRequest request, CancellationToken cancellationToken) =>
        AskAsync(RunnerMethods.Spawn, request, LinkJson.Default.SpawnRequest, LinkJson.Default.SpawnResult, s_spawn, cancellationToken);

    public Task<StopSessionResult> StopSessionAsync(StopSessionRequest request, CancellationToken cancellationToken) =>
        AskAsync(RunnerMethods.StopSession, request, LinkJson.Default.StopSessionRequest, LinkJson.Default.StopSessionResult, s_stop, cancellationToken);

    /// <summary>Tells of a session process that has opened its own door.</summary>
    public Task<RunnerAccepted> SessionStartedAsync(ProcessState session, CancellationToken cancellationToken) =>
        AskAsync(ControlMethods.SessionStarted, session, ControlJson.Default.ProcessState, RunnerJson.Default.RunnerAccepted, s_soon, cancellationToken);

    /// <summary>Asks it to end. Its sessions live on.</summary>
    public Task<RunnerAccepted> StopAsync(RunnerStopRequest request, CancellationToken cancellationToken) =>
        AskAsync(ControlMethods.Stop, request, RunnerJson.Default.RunnerStopRequest, RunnerJson.Default.RunnerAccepted, s_soon, cancellationToken);

    /// <summary>Ends it: asks at its door, then SIGTERM, then SIGKILL. Gives whether it is gone. Its sessions live on.</summary>
    public async Task<bool> EndAsync(string by, CancellationToken cancellationToken)
    {
        try
        {
            await StopAsync(new RunnerStopRequest(by), cancellationToken);
        }
        catch (Exception ex) when (ex is IOException or RpcException or JsonException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Signals.Terminate(state.Identity);
        }

        return await GoneAsync(cancellationToken)
            || !Signals.Terminate(state.Identity) || await GoneAsync(cancellationToken)
            || !Signals.Kill(state.Identity) || await GoneAsync(cancellationToken);
    }

    private async Task<bool> GoneAsync(CancellationToken cancellationToken)
    {
        for (var begun = time.GetTimestamp(); state.Identity.IsAlive(); await Task.Delay(s_look, time, cancellationToken))
        {
            if (time.GetElapsedTime(begun) >= s_leaves)
            {
                return false;
            }
        }

        return true;
    }

    private async Task<TResult> AskAsync<TResult>(string method, JsonTypeInfo<TResult> read, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var nothing = JsonElement.Parse(s_nothing.Span);
        return await AskAsync(method, nothing, RunnerJson.Default.JsonElement, read, deadline, cancellationToken);
    }

    private async Task<TResult> AskAsync<TParams, TResult>(
        string method, TParams parameters, JsonTypeInfo<TParams> write, JsonTypeInfo<TResult> read, TimeSpan deadline, CancellationToken cancellationToken)
    {
        try
        {
            return await ControlCall.AskAsync(state.Control, method, parameters, write, read, deadline, time, cancellationToken);
        }
        catch (OperationCanceledException ex) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"The runner (pid {state.Pid}) does not answer.", ex);
        }
    }
}
