using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Hapi.Contracts;
using Hapi.Contracts.Events;
using Hapi.Hub.Link;
using Hapi.Hub.Sessions;

namespace Hapi.Hub.Events;

/// <summary>One open <c>GET /api/events</c>: verdict, replay, the volatile values of the moment, then everything as it happens.</summary>
internal sealed class EventStream(EventFeed feed, EventLog log, EventSubscriptions subscriptions, SessionStore sessions, LiveSessions live, TimeProvider time)
{
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(30);

    public async Task ServeAsync(HttpContext context, EventFilter filter, string? cursor, bool visible, bool gzip, CancellationToken cancellationToken)
    {
        var headers = context.Response.Headers;
        headers.ContentType = "text/event-stream";
        headers.CacheControl = "no-cache";
        headers["X-Accel-Buffering"] = "no";
        headers.Vary = "Accept-Encoding";
        if (gzip)
        {
            headers.ContentEncoding = "gzip";
        }

        await using var compressed = gzip ? new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true) : null;
        Stream output = compressed is null ? context.Response.Body : compressed;
        var subscription = new EventSubscription(filter) { Visible = visible };
        // Subscribe before reading the log, or an event between the two would be lost.
        using var following = feed.Follow(subscription.Offer);
        subscriptions.Add(subscription);
        try
        {
            var last = await BeginAsync(output, subscription, filter, cursor, cancellationToken);
            await FollowAsync(context, output, subscription, last, cancellationToken);
        }
        catch (Exception ex) when (ex is OperationCanceledException or IOException)
        {
            // The client has left, or the hub stops: it resumes by its cursor.
        }
        finally
        {
            subscriptions.Remove(subscription);
        }
    }

    // Gives the place up to which the client has everything.
    private async Task<long> BeginAsync(Stream output, EventSubscription subscription, EventFilter filter, string? cursor, CancellationToken cancellationToken)
    {
        var missed = log.Parse(cursor, filter.Namespace) is { } seq ? await log.SinceAsync(filter.Namespace, seq, cancellationToken) : null;
        var verdict = missed is null ? "gap" : "ok";
        await WriteAsync(output, $$$"""data: {"type":"connection-changed","data":{"status":"connected","subscriptionId":"{{{subscription.Id}}}","resume":"{{{verdict}}}"}}""" + "\n\n", cancellationToken);
        var last = 0L;
        foreach (var e in missed ?? [])
        {
            if (subscription.Wants(e))
            {
                await WriteAsync(output, Frame(e), cancellationToken);
            }

            last = e.Seq;
        }

        // Volatile values are not in the log: without this, "ok" could leave a stale dot.
        foreach (var session in await sessions.ListAsync(filter.Namespace, cancellationToken))
        {
            var patch = new SessionPatched(session.Id, filter.Namespace, LinkServices.PresenceOf(live.Of(session.Id)));
            var e = new HubEvent(0, filter.Namespace, session.Id, null, patch.Type, JsonSerializer.SerializeToUtf8Bytes(patch, HubJson.Default.SessionPatched));
            if (subscription.Wants(e))
            {
                await WriteAsync(output, Frame(e), cancellationToken);
            }
        }

        await output.FlushAsync(cancellationToken);
        return last;
    }

    private async Task FollowAsync(HttpContext context, Stream output, EventSubscription subscription, long last, CancellationToken cancellationToken)
    {
        var waiting = subscription.WaitAsync(cancellationToken).AsTask();
        using var beat = new PeriodicTimer(s_heartbeat, time);
        var ticking = beat.WaitForNextTickAsync(cancellationToken).AsTask();
        while (true)
        {
            if (await Task.WhenAny(waiting, ticking) == ticking)
            {
                await ticking;
                await WriteAsync(output, $$$"""data: {"type":"heartbeat","namespace":"{{{JsonEncodedText.Encode(subscription.Namespace)}}}","data":{"timestamp":{{{time.GetUtcNow().ToUnixTimeMilliseconds()}}}}}""" + "\n\n", cancellationToken);
                ticking = beat.WaitForNextTickAsync(cancellationToken).AsTask();
            }
            else if (await waiting)
            {
                while (subscription.TryTake(out var e))
                {
                    if (e.Seq == 0 || e.Seq > last)
                    {
                        await WriteAsync(output, Frame(e), cancellationToken);
                    }
                }

                waiting = subscription.WaitAsync(cancellationToken).AsTask();
            }
            else
            {
                context.Abort(); // too slow: it comes back with its cursor
                return;
            }

            await output.FlushAsync(cancellationToken);
        }
    }

    private byte[] Frame(HubEvent e)
    {
        var id = e.Seq == 0 ? "\n\n" : $"\nid: {log.IdOf(e.Seq, e.Namespace)}\n\n";
        var frame = new byte[6 + e.Json.Length + id.Length];
        "data: "u8.CopyTo(frame);
        e.Json.CopyTo(frame, 6);
        Encoding.ASCII.GetBytes(id, frame.AsSpan(6 + e.Json.Length));
        return frame;
    }

    private static ValueTask WriteAsync(Stream output, byte[] bytes, CancellationToken cancellationToken) => output.WriteAsync(bytes, cancellationToken);

    private static ValueTask WriteAsync(Stream output, string text, CancellationToken cancellationToken) => WriteAsync(output, Encoding.UTF8.GetBytes(text), cancellationToken);
}
