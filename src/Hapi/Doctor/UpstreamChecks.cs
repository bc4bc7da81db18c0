using System.Text.Json.Nodes;
using Hapi.Commands;
using Hapi.Processes;
using Hapi.Programs;
using Hapi.Reach;
using Hapi.Settings;

namespace Hapi.Doctor;

/// <summary>The other HAPI, whose commands, files and port have the same names: whether it is here, and how to live beside it.</summary>
internal sealed class UpstreamChecks(HapiHome home)
{
    private const string Beside = "Both live side by side with a home and a port of their own: set HAPI_HOME=~/.hapi-own and HAPI_LISTEN_PORT=3007 for this one (docs/guide/doctor.md).";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var findings = new List<Finding>();
        if (await OtherProgramAsync(cancellationToken) is { } program)
        {
            findings.Add(program);
        }

        var stores = new[] { Path.Combine(home.Folder, "hapi.db"), Path.Combine(user, ".hapi", "hapi.db") }.Distinct(StringComparer.Ordinal).Where(File.Exists).ToList();
        foreach (var store in stores)
        {
            var shared = Path.GetDirectoryName(store) == home.Folder;
            findings.Add(shared
                ? Finding.Warn("upstream", $"{store} is the store of another HAPI in this home. It is never opened for writing.", Beside, new JsonObject { ["store"] = store })
                : Finding.Ok("upstream", $"Another HAPI has its store at {store}; this one has a home of its own.", new JsonObject { ["store"] = store }));
        }

        if (RunnerFile.Read(home.Folder) is { Kind: RunnerFileKind.Upstream })
        {
            findings.Add(Finding.Warn("upstream", $"A runner of another HAPI keeps its state in this home ({RunnerFile.PathIn(home.Folder)}).", Beside));
        }

        if (HubPortIsDefault() && PortOwner.Of(HapiHome.DefaultPort) is { } owner && !owner.StartsWith("hapi ", StringComparison.Ordinal))
        {
            findings.Add(Finding.Warn("upstream", $"Port {HapiHome.DefaultPort}, which is Hapi's default, is held by {owner}.", Beside));
        }

        return findings.Count > 0 ? findings : [Finding.Ok("upstream", "no other HAPI is here")];
    }

    private bool HubPortIsDefault()
    {
        try
        {
            return home.HubUrl().Url is { IsLoopback: true, Port: HapiHome.DefaultPort };
        }
        catch (Exception ex) when (ex is CommandException or Hub.HubStartException)
        {
            return false; // the settings have a finding of their own
        }
    }

    // Another copy of this very program is no other HAPI, but which of them runs by its bare name matters all the same.
    private static async Task<Finding?> OtherProgramAsync(CancellationToken cancellationToken)
    {
        if (Executables.Find("hapi", Environment.GetEnvironmentVariable("PATH")) is not { } found || Target(found) == Target(SessionLaunch.Executable()))
        {
            return null;
        }

        var run = await ProgramRun.AskAsync([found, "--version"], s_patience, cancellationToken);
        var version = run.Succeeded ? run.Out.Trim() : "it does not tell its version";
        return Finding.Warn(
            "upstream", $"\"hapi\" on the PATH is another program: {found} ({version}).", $"Call this one by its path, {SessionLaunch.Executable()}, or put its folder first on the PATH. {Beside}",
            new JsonObject { ["program"] = found, ["version"] = version });
    }

    private static string Target(string file) => File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(file);
}
