using Hapi.Contracts.Link;

namespace Hapi.Agents.Claude;

/// <summary>Claude Code's permission modes.</summary>
internal static class ClaudeModes
{
    public const string Default = "default";
    public const string Bypass = "bypassPermissions";

    public static IReadOnlyList<ModeOption> All { get; } =
    [
        new(Default, "Default"),
        new("acceptEdits", "Accept edits", "warning"),
        new("auto", "Auto", "warning"),
        new(Bypass, "Bypass permissions", "danger"),
        new("plan", "Plan", "info"),
    ];

    /// <summary>What a session can offer that was launched like this.</summary>
    public static IReadOnlyList<ModeOption> Offered(bool allowsBypass) => allowsBypass ? All : [.. All.Where(mode => mode.Id != Bypass)];

    public static bool Knows(string? mode) => All.Any(known => known.Id == mode);

    /// <summary>Claude Code also calls its default mode <c>manual</c>.</summary>
    public static string Canonical(string mode) => mode is "manual" ? Default : mode;
}
