using System.ComponentModel.DataAnnotations;

namespace Hapi.Contracts.Api;

/// <summary>Who or what did something.</summary>
/// <param name="Id">The device's, machine's or session's id; absent for a person without one.</param>
public sealed record AuditedActor(
    [property: AllowedValues("user", "device", "runner", "session", "hub", "cli", "agent")] string Kind, string? Id = null, string? Name = null);

/// <summary>One row of the audit.</summary>
/// <param name="Seq">Its place: 1 and up, without gaps.</param>
/// <param name="At">When the hub wrote it, in milliseconds since 1970. What came late says in <paramref name="After"/> when it happened (<c>happenedAt</c>).</param>
/// <param name="Kind">Dotted words: <c>session.ended</c>, <c>permission.approved</c>, <c>sign_in.failed</c>, ….</param>
/// <param name="Channel">By which way it came.</param>
/// <param name="Subject">What it was done to, in a word: a tool, a device, an address.</param>
/// <param name="Reason">Why, in the words of whoever did it.</param>
/// <param name="Before">The values that were, those that changed.</param>
/// <param name="After">The values that are.</param>
/// <param name="Hash">Over every member of the row and the hash of the row before it.</param>
public sealed record AuditedAct(
    long Seq, long At, string Namespace, string Kind, AuditedActor Actor,
    [property: AllowedValues("web", "link", "cli", "control", "signal", "hub")] string Channel,
    string Hash, string? SessionId = null, string? MachineId = null, string? Subject = null, string? Reason = null, RawJson? Before = null, RawJson? After = null);

/// <summary>Acts, newest first. <c>NextBefore</c> is the cursor of the next page; absent on the last.</summary>
public sealed record AuditPage(IReadOnlyList<AuditedAct> Acts, long? NextBefore = null);

/// <summary>What reading the whole chain proved.</summary>
/// <param name="Rows">How many rows are in order, up to the problem.</param>
/// <param name="Head">The hash of the newest row. Kept elsewhere, it proves later that nothing up to it was rewritten.</param>
public sealed record AuditProof(bool Ok, long Rows, string? Head = null, AuditProblem? Problem = null);

/// <summary>The first place that does not fit.</summary>
public sealed record AuditProblem(long Seq, [property: AllowedValues("changed", "removed", "reordered", "head")] string What);

/// <summary>One thing that was done to a session.</summary>
public sealed record SessionAct(
    long Seq, long At, string Kind, AuditedActor Actor,
    [property: AllowedValues("web", "link", "cli", "control", "signal", "hub")] string Channel,
    string? Subject = null, string? Reason = null, RawJson? Before = null, RawJson? After = null);

/// <summary>A session's own history, newest first. <c>NextBefore</c> is the cursor of the next page; absent on the last.</summary>
public sealed record SessionHistory(IReadOnlyList<SessionAct> Acts, long? NextBefore = null);
