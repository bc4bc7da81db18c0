using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Hapi.Bench.Clients;
using Hapi.Bench.Hubs;

namespace Hapi.Bench.Rows;

/// <summary>SIGKILL for the hub while ten sessions stream through the product's own outbox and link: what the store holds afterwards, and what a screen that resumes sees.</summary>
internal sealed class KilledRow : IRow
{
    private const int Sessions = 10;
    private static readonly TimeSpan s_streams = TimeSpan.FromSeconds(2), s_patience = TimeSpan.FromSeconds(60);

    public string Name => "killed";

    public string What => "hub killed with -9 while 10 sessions stream: lost / doubled / reordered; resume; live again";

    public string Goal => "0 / 0 / 0; ok; ≤ 5 s";

    public async Task<string> MeasureAsync(Stage stage, CancellationToken cancellationToken)
    {
        var hub = await stage.StartHubAsync(cancellationToken);
        var (seen, resume) = (new ConcurrentDictionary<(string, long), long>(), "");
        void Hear(ReadOnlySpan<byte> frame)
        {
            if (frame.StartsWith("data: {\"type\":\"message-received\""u8) && Facts.NumberIn(frame) is { } number)
            {
                var session = JsonElement.Parse(frame["data: "u8.Length..LineEnd(frame)]).GetProperty("sessionId").GetString()!;
                seen.TryAdd((session, number), Stopwatch.GetTimestamp());
            }
            else if (frame.StartsWith("data: {\"type\":\"connection-changed\""u8))
            {
                resume = JsonElement.Parse(frame["data: "u8.Length..]).GetProperty("data").GetProperty("resume").GetString()!;
            }
        }

        var screen = await EventListener.ConnectAsync(hub, gzip: true, Hear, cancellationToken);
        var sessions = new List<StreamingSession>();
        for (var i = 0; i < Sessions; i++)
        {
            sessions.Add(await StreamingSession.StartAsync(hub, stage.NewFolder(), cancellationToken));
        }

        await Task.Delay(s_streams, cancellationToken);
        var (killed, said) = (Stopwatch.GetTimestamp(), sessions.ToDictionary(s => s.Id, s => s.Said));
        await hub.KillAsync();
        await screen.DisposeAsync();
        await hub.DisposeAsync();
        await using var again = await hub.StartAgainAsync(cancellationToken);
        await using var resumed = await EventListener.ConnectAsync(again, gzip: true, Hear, cancellationToken, screen.Cursor);
        await Task.Delay(s_streams, cancellationToken);
        foreach (var session in sessions)
        {
            await session.FinishAsync(s_patience);
            await session.DisposeAsync();
        }

        var (lost, doubled, reordered) = await CompareAsync(again, sessions, cancellationToken);
        var unseen = 0L;
        for (var patience = 0; patience < 2_000 && (unseen = sessions.Sum(s => s.Said) - seen.Count) > 0; patience++)
        {
            await Task.Delay(1, cancellationToken);
        }

        var live = said.Max(s => seen.Where(e => e.Key.Item1 == s.Key && e.Key.Item2 >= s.Value).Min(e => e.Value));
        return $"{lost} / {doubled} / {reordered} of {sessions.Sum(s => s.Said):N0}, {unseen} unseen; {resume}; {Stopwatch.GetElapsedTime(killed, live).TotalSeconds:N1} s";
    }

    private static async Task<(long Lost, long Doubled, long Reordered)> CompareAsync(HubProcess hub, IEnumerable<StreamingSession> sessions, CancellationToken cancellationToken)
    {
        var (lost, doubled, reordered) = (0L, 0L, 0L);
        foreach (var session in sessions)
        {
            var stored = await session.StoredAsync(hub, cancellationToken);
            var distinct = stored.Distinct().ToList();
            lost += session.Said - distinct.Count;
            doubled += stored.Count - distinct.Count;
            reordered += distinct.Zip(distinct.Skip(1)).Count(pair => pair.Second < pair.First);
        }

        return (lost, doubled, reordered);
    }

    private static int LineEnd(ReadOnlySpan<byte> frame) => frame.IndexOf((byte)'\n') is >= 0 and var end ? end : frame.Length;
}
