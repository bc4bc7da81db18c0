using System.Text.Json;
using Hapi.Rpc;

namespace Hapi.Control;

/// <summary>The session processes of a home, found by their state files and proved by pid and start time.</summary>
public sealed class RunningSessions(string home)
{
    private static readonly TimeSpan s_acceptWithin = TimeSpan.FromMilliseconds(500);
    private readonly string _folder = Path.Combine(home, "run");

    /// <summary>Those that are alive now.</summary>
    public IReadOnlyList<ProcessState> List() => [.. All().Where(s => s.Identity.IsAlive())];

    /// <summary>Those that have left their state file behind and are gone: they died without a word.</summary>
    public IReadOnlyList<ProcessState> Dead() => [.. All().Where(s => !s.Identity.IsAlive())];

    /// <summary>Leaves the state file of this process.</summary>
    public void Write(ProcessState state) => PrivateFiles.Write(PathOf(state.SessionId), JsonSerializer.SerializeToUtf8Bytes(state, ControlJson.Default.ProcessState));

    /// <summary>Removes a state file; one that belongs to another process by now stays.</summary>
    public void Remove(ProcessState state)
    {
        if (Read(PathOf(state.SessionId)) is { } now && now.Identity == state.Identity)
        {
            File.Delete(PathOf(state.SessionId));
        }
    }

    /// <summary>Asks the session to end, for a reason it will record. Gives whether it accepted in time; it then ends by itself.</summary>
    public static Task<bool> StopAsync(ProcessState session, string reason, string by, TimeProvider time, CancellationToken cancellationToken) =>
        AskAsync(session, ControlMethods.Stop, new StopRequest(reason, by), time, cancellationToken);

    /// <summary>Asks the session to end so that a terminal can go on with it. Gives whether it accepted in time; it then ends by itself.</summary>
    public static Task<bool> HandOffAsync(ProcessState session, string by, TimeProvider time, CancellationToken cancellationToken) =>
        AskAsync(session, ControlMethods.HandOff, new StopRequest(null, by), time, cancellationToken);

    private static async Task<bool> AskAsync(ProcessState session, string method, StopRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await ControlCall.AskAsync(
                session.Control, method, request, ControlJson.Default.StopRequest, ControlJson.Default.StopResult, s_acceptWithin, time, cancellationToken);
            return answer.Accepted;
        }
        catch (Exception ex) when (ex is IOException or OperationCanceledException or RpcException or JsonException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    private string PathOf(string sessionId) => Path.Combine(_folder, sessionId + ".json");

    private IEnumerable<ProcessState> All() => Directory.Exists(_folder) ? Directory.EnumerateFiles(_folder, "*.json").Select(Read).OfType<ProcessState>() : [];

    private static ProcessState? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), ControlJson.Default.ProcessState) is { SessionId: not null, Control: not null } state ? state : null;
        }
        catch (Exception ex) when (ex is IOException or JsonException or UnauthorizedAccessException)
        {
            return null; // half written, or gone this moment
        }
    }
}
