using System.Collections;

namespace Hapi.Runner.Spawns;

/// <summary>The environment of a session process: the runner's own, without what opens a hub and without what is said to the runner alone.</summary>
internal static class SpawnEnvironment
{
    private static readonly string[] s_left =
        ["CLI_API_TOKEN", "HAPI_EXTRA_HEADERS_JSON", "TELEGRAM_BOT_TOKEN", "HAPI_SESSION_ID", "HAPI_INVOKED_CWD", "NOTIFY_SOCKET", "INVOCATION_ID", "JOURNAL_STREAM", "MAINPID"];

    public static Dictionary<string, string> Of(string home, IReadOnlyDictionary<string, string> worktree)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(e => !s_left.Contains((string)e.Key, StringComparer.OrdinalIgnoreCase) && !((string)e.Key).StartsWith("HAPI_RUNNER_", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
        environment["HAPI_HOME"] = home;
        foreach (var (name, value) in worktree)
        {
            environment[name] = value;
        }

        return environment;
    }
}
