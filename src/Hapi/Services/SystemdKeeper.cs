using System.Globalization;
using System.Text;

namespace Hapi.Services;

/// <summary>
/// systemd, as this user's own manager. <c>KillMode=process</c> is what keeps sessions alive: with the default every session in the unit's
/// control group is signalled when the unit stops.
/// </summary>
internal sealed class SystemdKeeper(string folder) : IServiceKeeper
{
    public string Name => "systemd";

    public IReadOnlyList<string> Probe { get; } = ["systemctl", "--user", "show-environment"];

    public IReadOnlyList<ServiceStep> Forget { get; } = [ServiceStep.Of("systemctl", "--user", "daemon-reload")];

    public string Hint => "Services of a user end with the last sign-out. \"loginctl enable-linger\" keeps them, and starts them with the machine.";

    /// <summary>Where this user's units lie.</summary>
    public static string DefaultFolder(string userHome, string? configHome) => Path.Combine(configHome is { Length: > 0 } given ? given : Path.Combine(userHome, ".config"), "systemd", "user");

    public static string UnitOf(ServiceRole role) => $"hapi-{role.Name}.service";

    public string FileOf(ServiceRole role) => Path.Combine(folder, UnitOf(role));

    public string Describe(ServiceSpec spec)
    {
        var unit = new StringBuilder();
        unit.Append(CultureInfo.InvariantCulture, $"# {ServiceMark.Of(spec)}\n\n[Unit]\nDescription={spec.Role.Title}\n");
        if (spec.Role.RestartsAlways)
        {
            unit.Append("StartLimitIntervalSec=0\n"); // a hub that is away for an hour must not end the runner for good
        }

        unit.Append(CultureInfo.InvariantCulture, $"\n[Service]\nType=exec\nExecStart={Program(spec.Executable)} {string.Join(' ', spec.Arguments.Select(Argument))}\n");
        foreach (var (name, value) in spec.Environment)
        {
            unit.Append(CultureInfo.InvariantCulture, $"Environment={Quoted($"{name}={value}")}\n");
        }

        unit.Append("KillMode=process\n");
        unit.Append(spec.Role.RestartsAlways ? "Restart=always\nRestartSec=5\n" : "Restart=on-failure\nRestartSec=2\n");
        unit.Append("TimeoutStopSec=15\nOOMPolicy=continue\n\n[Install]\nWantedBy=default.target\n");
        return unit.ToString();
    }

    public IReadOnlyList<ServiceStep> Start(ServiceRole role, bool changed) =>
    [
        .. changed ? Forget : [],
        ServiceStep.Of("systemctl", "--user", "enable", UnitOf(role)),
        ServiceStep.Of("systemctl", "--user", changed ? "restart" : "start", UnitOf(role)),
    ];

    public IReadOnlyList<ServiceStep> Stop(ServiceRole role) => [ServiceStep.Of("systemctl", "--user", "disable", "--now", UnitOf(role))];

    public IReadOnlyList<string> Query(ServiceRole role) => ["systemctl", "--user", "show", UnitOf(role), "--property=ActiveState,SubState,MainPID"];

    public (bool Running, int? Pid, string State) Read(int exitCode, string printed)
    {
        var values = printed.Split('\n').Select(line => line.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1].Trim(), StringComparer.Ordinal);
        var state = values.GetValueOrDefault("ActiveState") ?? "unknown";
        var pid = int.TryParse(values.GetValueOrDefault("MainPID"), NumberStyles.None, CultureInfo.InvariantCulture, out var main) && main > 0 ? main : (int?)null;
        return (state is "active", pid, values.GetValueOrDefault("SubState") is { Length: > 0 } sub ? $"{state} ({sub})" : state);
    }

    // systemd.service(5), systemd.syntax(7): quotes keep spaces, % begins a specifier, $ a variable, but none in the program's own path.
    private static string Program(string path) => path.AsSpan().ContainsAny('"', '\'', '\\')
        ? throw new CommandException(ExitCodes.Unsupported, "path_unsupported", $"systemd starts no program whose path holds a quote or a backslash: {path}. Move Hapi to another folder.")
        : Quoted(path);

    private static string Argument(string text) => Quoted(text.Replace("$", "$$", StringComparison.Ordinal));

    private static string Quoted(string text)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal);
        return escaped.Length > 0 && escaped.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '=' or ':' or ',' or '%' or '$' or '@' or '+') ? escaped : $"\"{escaped}\"";
    }
}
