using System.Collections.Concurrent;
using Hapi.Contracts.Link;

namespace Hapi.Hub.Sessions;

/// <summary>The volatile side of one session: nothing of it is stored.</summary>
internal sealed record LiveSession(ISessionLink? Link, Presence? Presence, IReadOnlyList<LiveStream> Streams, LiveFault? Fault, long Since, long SeenAt)
{
    public static readonly LiveSession None = new(null, null, [], null, 0, 0);
}

/// <summary>A session's connection, as far as others may use it.</summary>
internal interface ISessionLink
{
    /// <summary>There are commands for it. Returns at once.</summary>
    void Wake();

    /// <summary>Cuts the connection: another has taken its place.</summary>
    void Cut();

    /// <summary>Asks the process; see <see cref="SessionCalls"/>.</summary>
    Task<Contracts.RawJson> CallAsync(string name, Contracts.RawJson args, TimeSpan deadline, CancellationToken cancellationToken);
}

/// <summary>The volatile side of all sessions.</summary>
internal sealed class LiveSessions
{
    private readonly ConcurrentDictionary<string, LiveSession> _all = new();

    /// <summary>Raised after each change, with the session's id.</summary>
    public event Action<string>? Changed;

    public LiveSession Of(string sessionId) => _all.GetValueOrDefault(sessionId, LiveSession.None);

    public LiveSession Change(string sessionId, Func<LiveSession, LiveSession> change)
    {
        var result = _all.AddOrUpdate(sessionId, _ => change(LiveSession.None), (_, old) => change(old));
        Changed?.Invoke(sessionId);
        return result;
    }

    public void Forget(string sessionId) => _all.TryRemove(sessionId, out _);
}
