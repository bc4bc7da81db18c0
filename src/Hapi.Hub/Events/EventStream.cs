using System.Buffers;
using Hapi.Contracts;
using Hapi.Contracts.Events;
using Hapi.Hub.Sessions;

namespace Hapi.Hub.Events;

/// <summary>One open <c>GET /api/events</c>: verdict, replay, the volatile values of the moment, then everything as it happens.</summary>
internal sealed class EventStream(EventFeed feed, EventLog log, EventIds ids, LiveSessions live)
{
    private static readonly IReadOnlyList<HubEvent> s_none = [];

    public async Task ServeAsync(HttpContext context, EventSubscription subscription, string? cursor, bool gzip, CancellationToken cancellationToken)
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

        var output = context.Response.BodyWriter;
        // Subscribe before reading the log, or an event between the two would be lost.
        using var following = feed.Follow(subscription);
        try
        {
            var (first, through) = await BeginAsync(subscription, cursor, cancellationToken);
            if (gzip)
            {
                output.Write(EventBlock.GzipHeader.Span);
            }

            output.Write(gzip ? first.Compressed : first.Plain);
            await output.FlushAsync(cancellationToken);
            while (await subscription.WaitAsync(cancellationToken))
            {
                while (subscription.Take() is { } block)
                {
                    // A commit is in the log as a whole or not at all: a block that the replay covered is known.
                    if (block.LastSeq == 0 || block.LastSeq > through)
                    {
                        output.Write(gzip ? block.Compressed : block.Plain);
                    }
                }

                await output.FlushAsync(cancellationToken);
            }

            context.Abort(); // too slow, or signed out: it comes back with its cursor, if it may
        }
        catch (Exception ex) when (ex is OperationCanceledException or IOException)
        {
            // The client has left, or the hub stops: it resumes by its cursor.
        }
    }

    // Gives what comes first, and the place up to which the client then has everything.
    private async Task<(EventBlock First, long Through)> BeginAsync(EventSubscription subscription, string? cursor, CancellationToken cancellationToken)
    {
        var (filter, ns) = (subscription.Filter, subscription.Namespace);
        var (missed, through, open) = await log.SinceAsync(filter, ids.Parse(cursor, ns), cancellationToken);
        var hello = new ConnectionChanged(new("connected", subscription.Id, missed is null ? "gap" : "ok"));
        // Volatile values are not in the log: without them, "ok" could leave a stale dot.
        var volatiles = open.Where(filter.WantsSession).Select(id => HubEvent.Of(0, ns, id, null, new SessionPatched(id, ns, SessionViews.Presence(live.Of(id))), HubJson.Default.SessionPatched));
        return (EventBlock.Of([HubEvent.Of(0, ns, null, null, hello, HubJson.Default.ConnectionChanged), .. missed ?? s_none, .. volatiles], ids), through);
    }
}
