using System.CommandLine;
using System.Text.Json.Nodes;
using Hapi.Doctor;
using Hapi.Output;
using Hapi.Settings;

namespace Hapi.Commands;

/// <summary><c>hapi doctor</c>: what is wrong, and what to do about it; <c>hapi doctor clean</c>: end what runs away.</summary>
internal static class DoctorCommand
{
    public static Command Create(Printer output)
    {
        var command = new Command("doctor", "Look at everything Hapi needs and say what is wrong.") { Json() };
        command.SetAction((_, cancellationToken) => LookAsync(HapiHome.Open(), output, cancellationToken));
        command.Subcommands.Add(Clean(output));
        return command;
    }

    private static Command Clean(Printer output)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be ended and removed." };
        var command = new Command("clean", "End the runner of this home and the sessions it started, and remove what dead processes left.") { dryRun, Json() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var cleanup = new Cleanup(HapiHome.Open().Folder, parsed.GetValue(dryRun), TimeProvider.System);
            var outcomes = await cleanup.RunAsync(output.Line, cancellationToken);
            output.Value(new JsonObject
            {
                ["ended"] = outcomes.Count(o => o.WasEnded), ["errors"] = outcomes.Count(o => o.Failed), ["dryRun"] = parsed.GetValue(dryRun), ["processes"] = new JsonArray([.. outcomes.Select(o => o.ToJson())]),
            });
            output.Line(outcomes.Count == 0 ? "Nothing runs away, and nothing stale lies about."
                : $"{(parsed.GetValue(dryRun) ? "Would end" : "Ended")} {outcomes.Count(o => parsed.GetValue(dryRun) ? o.Outcome is "would-end" : o.WasEnded)}, errors {outcomes.Count(o => o.Failed)}.");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<int> LookAsync(HapiHome home, Printer output, CancellationToken cancellationToken)
    {
        var findings = await new Examination(home, TimeProvider.System).RunAsync(cancellationToken);
        var failed = findings.Count(f => f.Verdict is Verdict.Fail);
        output.Value(new JsonObject { ["ok"] = failed == 0, ["version"] = HapiVersion.Current, ["home"] = home.Folder, ["findings"] = new JsonArray([.. findings.Select(f => f.ToJson())]) });
        foreach (var finding in findings)
        {
            output.Line($"{finding.Verdict switch { Verdict.Ok => "ok  ", Verdict.Warn => "warn", _ => "FAIL" }}  {finding.Check,-15} {DisplayText.Plain(finding.Text)}");
            if (finding.Advice is { } advice)
            {
                output.Line($"{"",22}-> {advice}");
            }
        }

        var warned = findings.Count(f => f.Verdict is Verdict.Warn);
        output.Line();
        output.Line(failed > 0 ? $"{failed} failed, {warned} to look at." : warned > 0 ? $"Nothing failed; {warned} to look at." : "All is well.");
        return failed == 0 ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static Option<bool> Json() => new("--json") { Description = "Answer with JSON." };
}
