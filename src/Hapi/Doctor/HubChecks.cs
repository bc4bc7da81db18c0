using System.Text.Json.Nodes;
using Hapi.Hub;
using Hapi.Hubs;
using Hapi.Link;
using Hapi.Reach;
using Hapi.Session.Records;
using Hapi.Settings;

namespace Hapi.Doctor;

/// <summary>The hub of this home: whether it answers, takes the token, is the one that knows this home's sessions, and agrees about the time.</summary>
internal sealed class HubChecks(HapiHome home, TimeProvider time)
{
    private static readonly TimeSpan s_clocksDiffer = TimeSpan.FromSeconds(10);

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        Uri url;
        string source, tokenSource;
        string? token;
        try
        {
            (url, source) = home.HubUrl();
            (token, tokenSource) = home.Token();
        }
        catch (Exception ex) when (ex is CommandException or HubStartException)
        {
            return [Finding.Fail("hub", ex.Message, null)];
        }

        var findings = new List<Finding>
        {
            token is null
                ? Finding.Warn("token", $"There is no access token for {url}.", source is "default" ? "The first \"hapi up\" or \"hapi hub\" makes it." : "Run \"hapi auth login\".")
                : Finding.Ok("token", $"set ({tokenSource})", new JsonObject { ["source"] = tokenSource }),
        };
        if (!await HubClient.AnswersAsync(url, cancellationToken))
        {
            findings.Add(Away(url, source));
            return findings;
        }

        if (token is null)
        {
            findings.Add(Finding.Ok("hub", $"A hub answers at {url} ({source})."));
            return findings;
        }

        try
        {
            using var hub = await HubClient.SignInAsync(url, token, cancellationToken);
            findings.AddRange(Hub(hub, url, source));
            findings.AddRange(Clock(hub));
            findings.AddRange(await RowsAsync(hub, url, cancellationToken));
        }
        catch (CommandException ex)
        {
            findings.Add(Finding.Fail("hub", ex.Message, tokenSource is "environment" ? "The token comes from CLI_API_TOKEN, which goes before settings.json." : null));
        }

        return findings;
    }

    private static Finding Away(Uri url, string source)
    {
        var data = new JsonObject { ["url"] = url.ToString(), ["source"] = source };
        return url.IsLoopback && PortOwner.Of(url.Port) is { } owner
            ? Finding.Fail("hub", $"Port {url.Port} is held by {owner}, which is no hub of this Hapi.", "Take another port: \"hapi up --port 3007\", and set HAPI_LISTEN_PORT=3007 for the other commands.", data)
            : source is "default"
                ? Finding.Warn("hub", $"No hub answers at {url}.", "Start one with \"hapi up\" or \"hapi service install hub\". Sessions go on without it meanwhile.", data)
                : Finding.Fail("hub", $"No hub answers at {url} ({source}).", "Start it there, or mend the address. Sessions go on without it meanwhile.", data);
    }

    private static IEnumerable<Finding> Hub(HubClient hub, Uri url, string source)
    {
        var data = new JsonObject { ["url"] = url.ToString(), ["source"] = source, ["id"] = hub.Hub?.Id, ["version"] = hub.Hub?.Version };
        yield return hub.Hub?.Version is not { } version || version == HapiVersion.Current
            ? Finding.Ok("hub", $"{url} ({source}), version {hub.Hub?.Version ?? "unknown"}, takes the token", data)
            : Finding.Warn("hub", $"{url} ({source}) runs version {version}, this is {HapiVersion.Current}.", "Update the older of the two; both speak the same protocol meanwhile.", data);
    }

    private IEnumerable<Finding> Clock(HubClient hub)
    {
        if (hub.Clock is { } clock)
        {
            var difference = (clock - time.GetUtcNow()).Duration();
            var data = new JsonObject { ["differenceSeconds"] = (long)difference.TotalSeconds };
            yield return difference <= s_clocksDiffer
                ? Finding.Ok("clock", "agrees with the hub's", data)
                : Finding.Warn("clock", $"This machine's clock and the hub's differ by {difference.TotalSeconds:0} s.", "Set both by network time: messages stand at the wrong time otherwise.", data);
        }
    }

    // What was delivered is known to the hub it was delivered to.
    private async Task<IEnumerable<Finding>> RowsAsync(HubClient hub, Uri url, CancellationToken cancellationToken)
    {
        var delivered = new SessionRecords(home.Folder).List().Select(r => r.Record.SessionId).Where(IsDelivered).ToList();
        if (delivered.Count == 0)
        {
            return [];
        }

        var known = (await hub.SessionsAsync(cancellationToken)).Select(s => s.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var count = delivered.Count(known.Contains);
        var data = new JsonObject { ["delivered"] = delivered.Count, ["known"] = count };
        return
        [
            count > 0 ? Finding.Ok("rows", $"The hub knows {count} of the {delivered.Count} sessions that ran here; others were deleted, or belong to another hub.", data)
                : Finding.Warn("rows", $"The hub at {url} knows none of the {delivered.Count} sessions that ran here.", "It is another hub than before, or its store was lost or moved. Check HAPI_API_URL, and that the hub's HAPI_HOME and --store are the ones it had.", data),
        ];
    }

    private bool IsDelivered(string sessionId)
    {
        try
        {
            return OutboxView.Look(Path.Combine(home.Folder, "outbox", sessionId + ".db")).Waiting == 0;
        }
        catch (OutboxException)
        {
            return false;
        }
    }
}
