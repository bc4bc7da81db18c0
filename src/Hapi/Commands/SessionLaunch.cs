using System.Collections;
using System.Text.Json.Nodes;
using Hapi.Agents;
using Hapi.Hubs;
using Hapi.Output;
using Hapi.Session;
using Hapi.Session.Records;
using Hapi.Settings;

namespace Hapi.Commands;

/// <summary>From a command line to a running session.</summary>
internal static class SessionLaunch
{
    private static readonly TimeSpan s_askHub = TimeSpan.FromSeconds(3);

    /// <summary>Runs the session until it ends. Gives the process's exit code.</summary>
    public static async Task<int> RunAsync(
        AgentFlavor flavor, SessionWish wish, IReadOnlyList<string>? command, IReadOnlyList<string> extra, Printer output, CancellationToken cancellationToken)
    {
        var home = HapiHome.Open();
        var directory = Path.GetFullPath(wish.Directory ?? HapiHome.InvokedDirectory);
        if (!Directory.Exists(directory))
        {
            throw new CommandException(ExitCodes.BadArguments, "directory_not_found", $"The folder {directory} does not exist.");
        }

        var (hub, source) = home.HubUrl();
        var token = await home.RequireTokenAsync(cancellationToken);
        var sessionId = wish.ExistingSessionId ?? wish.NewSessionId ?? Guid.NewGuid().ToString();
        if (wish.NewSessionId is not null && new SessionRecords(home.Folder).Has(sessionId))
        {
            throw new CommandException(ExitCodes.SessionExists, "session_exists", $"The session {sessionId} has run here before. Go on with it by --existing-session-id.");
        }

        var native = wish.NativeSessionId;
        if (native is null && wish.ExistingSessionId is not null && new SessionRecords(home.Folder).Find(sessionId) is null)
        {
            native = await NativeIdAtHubAsync(hub, token, sessionId, flavor, cancellationToken);
        }

        var start = new AgentStart(
            flavor.Id, directory, ChildEnvironment(sessionId, source is "default" ? null : hub), native, wish.PermissionMode, wish.Model, wish.Effort,
            command, extra, [Executable()]);
        var options = new SessionOptions(home.Folder, hub, token, HapiVersion.Current, sessionId, flavor, start, await home.MachineIdAsync(cancellationToken), HapiHome.HostName, wish.StartedBy, HapiHome.Variable("HAPI_EXIT_ON_HANGUP") is "1");
        var address = new Uri(hub, $"/sessions/{sessionId}").ToString();
        output.Value(new JsonObject { ["sessionId"] = sessionId, ["url"] = address });
        Printer.Error($"{flavor.Label} in {directory}. Steer it at {address}; Ctrl-C ends it.");
        return await SessionHost.RunAsync(options, new StatusLines(TimeProvider.System), TimeProvider.System);
    }

    /// <summary>The command line an earlier start of this session ran.</summary>
    public static IReadOnlyList<string>? CommandOf(string? sessionId) =>
        sessionId is null ? null : new SessionRecords(HapiHome.Open().Folder).Find(Guid.Parse(sessionId).ToString())?.Command;

    /// <summary>The absolute path of this executable: Hapi never starts another one by chance.</summary>
    public static string Executable() =>
        HapiHome.Variable("HAPI_CLI_EXECUTABLE") is { } given && Path.IsPathFullyQualified(given) && File.Exists(given) ? given : Environment.ProcessPath!;

    // A session that ran elsewhere: only the hub knows which conversation it was. Without a hub a new one begins.
    private static async Task<string?> NativeIdAtHubAsync(Uri hub, string token, string sessionId, AgentFlavor flavor, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_askHub);
        try
        {
            using var client = await HubClient.SignInAsync(hub, token, patience.Token);
            var session = await client.SessionAsync(sessionId, patience.Token);
            return flavor.NativeIdKey is { } key && session.Session.Metadata?.ToElement() is { ValueKind: System.Text.Json.JsonValueKind.Object } metadata
                && metadata.TryGetProperty(key, out var id) ? id.GetString() : null;
        }
        catch (Exception ex) when (ex is CommandException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    private static Dictionary<string, string> ChildEnvironment(string sessionId, Uri? hub)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(e => !HapiHome.SecretVariables.Contains((string)e.Key, StringComparer.OrdinalIgnoreCase))
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
        environment["HAPI_SESSION_ID"] = sessionId;
        if (hub is not null)
        {
            environment["HAPI_API_URL"] = hub.ToString().TrimEnd('/');
        }

        return environment;
    }
}
