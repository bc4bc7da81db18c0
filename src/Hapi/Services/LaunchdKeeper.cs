using System.Globalization;
using System.Xml.Linq;

namespace Hapi.Services;

/// <summary>launchd, for this user's sign-in. <c>AbandonProcessGroup</c> is what keeps sessions alive when a job ends.</summary>
internal sealed class LaunchdKeeper(string folder, string userId) : IServiceKeeper
{
    private const int OpenFiles = 65536, Throttle = 5;

    public string Name => "launchd";

    public IReadOnlyList<string> Probe => ["launchctl", "print", $"gui/{userId}"];

    public IReadOnlyList<ServiceStep> Forget { get; } = [];

    public string? Hint => null;

    public static string LabelOf(ServiceRole role) => $"hapi.{role.Name}";

    public string FileOf(ServiceRole role) => Path.Combine(folder, LabelOf(role) + ".plist");

    public string Describe(ServiceSpec spec)
    {
        var log = Path.Combine(spec.Home, "logs", $"{spec.Role.Name}-service.log");
        var job = Dictionary(
            ("Label", new XElement("string", LabelOf(spec.Role))),
            ("ProgramArguments", new XElement("array", spec.Arguments.Prepend(spec.Executable).Select(a => new XElement("string", a)))),
            ("EnvironmentVariables", Dictionary([.. spec.Environment.Select(e => (e.Key, new XElement("string", e.Value)))])),
            ("RunAtLoad", new XElement("true")),
            ("KeepAlive", spec.Role.RestartsAlways ? new XElement("true") : Dictionary(("SuccessfulExit", new XElement("false")))),
            ("ThrottleInterval", Integer(Throttle)),
            ("AbandonProcessGroup", new XElement("true")),
            ("SoftResourceLimits", Dictionary(("NumberOfFiles", Integer(OpenFiles)))),
            ("StandardOutPath", new XElement("string", log)),
            ("StandardErrorPath", new XElement("string", log)));
        var plist = new XElement("plist", new XAttribute("version", "1.0"), job);
        // A comment must not hold two hyphens in a row.
        var mark = new XComment($" {ServiceMark.Of(spec).Replace("--", "- -", StringComparison.Ordinal)} ");
        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n{mark}\n{plist}\n";
    }

    public IReadOnlyList<ServiceStep> Start(ServiceRole role, bool changed) =>
    [
        .. changed ? Stop(role) : [],
        new ServiceStep(["launchctl", "bootstrap", $"gui/{userId}", FileOf(role)], MayFail: !changed),
    ];

    public IReadOnlyList<ServiceStep> Stop(ServiceRole role) => [new ServiceStep(["launchctl", "bootout", $"gui/{userId}/{LabelOf(role)}"], MayFail: true)];

    public IReadOnlyList<string> Query(ServiceRole role) => ["launchctl", "print", $"gui/{userId}/{LabelOf(role)}"];

    public (bool Running, int? Pid, string State) Read(int exitCode, string printed)
    {
        var lines = printed.Split('\n', StringSplitOptions.TrimEntries);
        var state = exitCode != 0 ? "not loaded" : Value(lines, "state") ?? "loaded";
        return (state is "running", int.TryParse(Value(lines, "pid"), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null, state);
    }

    private static string? Value(string[] lines, string name) => lines.Select(l => l.Split(" = ", 2)).FirstOrDefault(p => p.Length == 2 && p[0] == name)?[1];

    private static XElement Integer(int value) => new("integer", value.ToString(CultureInfo.InvariantCulture));

    private static XElement Dictionary(params (string Key, XElement Value)[] members) => new("dict", members.SelectMany(m => new[] { new XElement("key", m.Key), m.Value }));
}
