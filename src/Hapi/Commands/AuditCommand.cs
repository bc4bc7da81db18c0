using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Contracts.Api;
using Hapi.Hubs;
using Hapi.Output;
using Hapi.Settings;

namespace Hapi.Commands;

/// <summary><c>hapi audit</c>: who did what, and the proof that nobody has changed the record of it.</summary>
internal static class AuditCommand
{
    private const int DefaultLimit = 50, MaxLimit = 100_000, Page = 200;

    public static Command Create(Printer output)
    {
        var session = new Option<string?>("--session") { Description = "Only what was done to this session." };
        var kind = new Option<string?>("--kind") { Description = "Only this kind of act (session.ended), or all that begin with it (session.)." };
        var since = new Option<string?>("--since") { Description = "Not older than this: 30m, 2h, 7d, or a date (2026-01-31, 2026-01-31T14:00)." };
        var limit = new Option<int>("--limit") { Description = "How many, at most.", DefaultValueFactory = _ => DefaultLimit };
        var verify = new Option<bool>("--verify") { Description = "Prove that no row was changed, removed or moved." };
        var command = new Command("audit", "Show who did what on the hub: stops, approvals, changes, sign-ins.") { session, kind, since, limit, verify, new Option<bool>("--json") { Description = "Answer with JSON." } };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var from = parsed.GetValue(since) is { } text ? Time(text, TimeProvider.System) : (long?)null;
            var most = parsed.GetValue(limit);
            if (most is < 1 or > MaxLimit)
            {
                throw new CommandException(ExitCodes.BadArguments, "bad_arguments", $"--limit takes a number from 1 to {MaxLimit}.");
            }

            var home = HapiHome.Open();
            using var client = await HubClient.SignInAsync(home.HubUrl().Url, await home.RequireTokenAsync(cancellationToken), cancellationToken);
            return parsed.GetValue(verify)
                ? await VerifyAsync(client, output, cancellationToken)
                : await ListAsync(client, [("session", parsed.GetValue(session)), ("kind", parsed.GetValue(kind)), ("from", from?.ToString(CultureInfo.InvariantCulture))], most, output, cancellationToken);
        });
        return command;
    }

    /// <summary>Milliseconds since 1970 of a moment that is written as an age or a local date.</summary>
    /// <exception cref="CommandException">It is neither.</exception>
    internal static long Time(string text, TimeProvider time)
    {
        var unit = text.Length > 1 ? text[^1] switch { 'm' => TimeSpan.FromMinutes(1), 'h' => TimeSpan.FromHours(1), 'd' => TimeSpan.FromDays(1), _ => TimeSpan.Zero } : TimeSpan.Zero;
        if (unit > TimeSpan.Zero && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= 100_000)
        {
            return Math.Max(0, (time.GetUtcNow() - (n * unit)).ToUnixTimeMilliseconds());
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var date) && date.ToUnixTimeMilliseconds() >= 0
            ? date.ToUnixTimeMilliseconds()
            : throw new CommandException(ExitCodes.BadArguments, "bad_arguments", $"--since does not understand \"{text}\". Write an age (30m, 2h, 7d) or a date (2026-01-31).");
    }

    private static async Task<int> ListAsync(HubClient client, (string, string?)[] filter, int most, Printer output, CancellationToken cancellationToken)
    {
        var (acts, before) = (new List<AuditedAct>(), (long?)null);
        do
        {
            var page = await client.AuditAsync([.. filter, ("limit", $"{Math.Min(Page, most - acts.Count)}"), ("before", before?.ToString(CultureInfo.InvariantCulture))], cancellationToken);
            acts.AddRange(page.Acts);
            before = page.NextBefore;
        }
        while (before is not null && acts.Count < most);

        output.Value(JsonSerializer.SerializeToNode(new AuditPage(acts, before), ApiJson.Default.AuditPage)!);
        acts.ForEach(act => output.Line(AuditLines.Of(act, TimeZoneInfo.Local)));
        if (acts.Count == 0)
        {
            output.Line("Nothing of that kind has happened.");
        }

        return ExitCodes.Ok;
    }

    private static async Task<int> VerifyAsync(HubClient client, Printer output, CancellationToken cancellationToken)
    {
        var proof = await client.VerifyAuditAsync(cancellationToken);
        if (proof.Problem is not { } problem)
        {
            output.Value(JsonSerializer.SerializeToNode(proof, ApiJson.Default.AuditProof)!);
            output.Line($"The audit is whole: {proof.Rows} rows{(proof.Head is { } head ? $", the newest has the hash {head}" : "")}.");
            return ExitCodes.Ok;
        }

        var answer = (JsonObject)JsonSerializer.SerializeToNode(proof, ApiJson.Default.AuditProof)!;
        answer["code"] = "audit_broken";
        output.Value(answer);
        output.Line(problem.What switch
        {
            "removed" => $"The audit is broken: row {problem.Seq} is missing.",
            "reordered" => $"The audit is broken: at row {problem.Seq} stands another row.",
            "head" => $"The audit is broken: its rows are in order, but the note of their end does not fit row {problem.Seq}.",
            _ => $"The audit is broken: row {problem.Seq} was changed.",
        });
        return ExitCodes.AuditBroken;
    }
}
