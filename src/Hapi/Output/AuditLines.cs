using System.Globalization;
using System.Text.Json.Nodes;
using Hapi.Contracts;
using Hapi.Contracts.Api;

namespace Hapi.Output;

/// <summary>Acts of the audit in plain words, a line each: when, to what, what and by whom, why.</summary>
internal static class AuditLines
{
    private const int ShortId = 8;

    public static string Of(AuditedAct act, TimeZoneInfo zone)
    {
        var at = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(act.At), zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        var about = act.SessionId is { } session ? $"session {Short(session)}" : act.MachineId is { } machine ? $"machine {Short(machine)}" : "hub";
        var reason = act.Reason is { Length: > 0 } ? $": {act.Reason}" : "";
        return Visible($"{at}  {about}  {What(act)}{reason}{Details(act)}");
    }

    private static string What(AuditedAct act) => act.Kind switch
    {
        "session.started" => $"started {By(act)}",
        "session.ended" when act.Actor.Kind is "agent" => "ended",
        "session.ended" when act is { Actor.Kind: "session", Channel: "signal" } => "ended by a signal",
        "session.ended" when act.Actor.Kind is "session" => "ended",
        "session.ended" => $"ended {By(act)}",
        "session.archived" => $"archived {By(act)}",
        "session.reopened" => $"reopened {By(act)}",
        "session.reopen_failed" => "could not be brought back",
        "session.interrupted" => "interrupted",
        "session.renamed" => act.Subject is "summary" ? $"given a title {By(act)}" : $"renamed {By(act)} to \"{Value(act.After, "name")}\"",
        "session.deleted" => $"deleted {By(act)}",
        "session.merged" => $"took over the history of {Short(act.Subject ?? "")}",
        "session.noted" => $"{act.Subject} {By(act)}",
        "permission.approved" => $"{act.Subject} approved {By(act)}",
        "permission.denied" => $"{act.Subject} denied {By(act)}",
        "config.changed" => $"{act.Subject} changed {By(act)}",
        "sign_in.succeeded" => $"sign-in {By(act)} from {act.Subject}",
        "sign_in.failed" => $"sign-in failed from {act.Subject}",
        "sign_in.locked_out" => $"locked out: {act.Subject}",
        "device.paired" => $"{act.Subject} paired",
        "device.revoked" => $"{act.Subject} revoked {By(act)}",
        "pairing_code.created" => $"pairing code made {By(act)}",
        "token.created" => $"{act.Subject} token made",
        "machine.renamed" => $"renamed {By(act)} to \"{Value(act.After, "name")}\"",
        "runner.started" => "runner started",
        "runner.stopped" => "runner stopped",
        "process.stopped" => $"stopped {By(act)}",
        "process.died" => "died without a word",
        _ => $"{act.Kind} {By(act)}", // a newer hub knows more
    };

    private static string By(AuditedAct act) => "by " + act.Actor switch
    {
        { Kind: "runner" } => "the runner",
        { Kind: "hub" } => "the hub",
        { Kind: "cli", Name: { } name } => act.Kind.StartsWith("session.started", StringComparison.Ordinal) ? $"the terminal on {name}" : $"the command line ({name})",
        { Kind: "cli" } => "the command line",
        { Kind: "user", Name: "terminal" } => "the user at the terminal",
        { Kind: "user", Name: { } name } => name is "owner" ? "the owner" : name,
        { Kind: "user" } => "somebody",
        { Kind: "session" } => "the session itself",
        { Kind: "agent" } => "the agent",
        var actor => actor.Name ?? actor.Id ?? actor.Kind,
    };

    private static string Details(AuditedAct act) => act.Kind switch
    {
        "process.stopped" => $" ({act.Subject}, asked by {Value(act.After, "by")})",
        "session.ended" when Value(act.After, "by") is { } by && act.Actor.Name != by => $" (asked by {by})",
        "sign_in.failed" => $" ({Value(act.After, "failures")} times)",
        "permission.approved" or "permission.denied" when Value(act.After, "decision") is { } decision && !act.Kind.EndsWith(decision, StringComparison.Ordinal) => $" ({decision})",
        "config.changed" => $" ({Pairs(act)})",
        _ => "",
    };

    private static string Pairs(AuditedAct act) =>
        string.Join(", ", (Parse(act.After) ?? []).Where(p => p.Key is not "happenedAt").Select(p => Value(act.Before, p.Key) is { } before ? $"{before} to {p.Value}" : $"{p.Value}"));

    private static string? Value(RawJson? document, string key) => Parse(document)?[key]?.ToString();

    private static JsonObject? Parse(RawJson? document) => document is { IsNull: false } json ? JsonNode.Parse(json.Utf8.Span) as JsonObject : null;

    private static string Short(string id) => id.Length > ShortId ? id[..ShortId] : id;

    // Names come from elsewhere, and a terminal obeys what it is sent.
    private static string Visible(string line) => string.Concat(line.Select(c => char.IsControl(c) ? '?' : c));
}
