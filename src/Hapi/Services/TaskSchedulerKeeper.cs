using System.Xml.Linq;

namespace Hapi.Services;

/// <summary>The Task Scheduler of Windows, at this user's sign-in: a program that is no Windows service cannot be run as one.</summary>
internal sealed class TaskSchedulerKeeper(string folder) : IServiceKeeper
{
    private static readonly XNamespace s_task = "http://schemas.microsoft.com/windows/2004/02/mit/task";

    public string Name => "Task Scheduler";

    public IReadOnlyList<string> Probe { get; } = ["schtasks.exe", "/Query", "/FO", "LIST"];

    public IReadOnlyList<ServiceStep> Forget { get; } = [];

    public string? Hint => null;

    public static string TaskOf(ServiceRole role) => $"Hapi\\{role.Name}";

    public string FileOf(ServiceRole role) => Path.Combine(folder, $"hapi-{role.Name}.xml");

    public string Describe(ServiceSpec spec)
    {
        // A task has no environment of its own: the command interpreter sets it. "set" takes everything up to the closing quote.
        var settings = string.Concat(spec.Environment.Select(e => $"set \"{e.Key}={e.Value}\"&"));
        var line = string.Join(' ', spec.Arguments.Prepend(spec.Executable).Select(Quoted));
        var task = new XElement(
            s_task + "Task", new XAttribute("version", "1.2"),
            Element("RegistrationInfo", Element("Description", $"{spec.Role.Title}. {ServiceMark.Of(spec)}")),
            Element("Triggers", Element("LogonTrigger", Element("Enabled", "true"))),
            Element("Settings",
                Element("MultipleInstancesPolicy", "IgnoreNew"), Element("DisallowStartIfOnBatteries", "false"), Element("StopIfGoingOnBatteries", "false"), Element("ExecutionTimeLimit", "PT0S"),
                Element("RestartOnFailure", Element("Interval", "PT1M"), Element("Count", "999"))),
            Element("Actions", Element("Exec", Element("Command", "cmd.exe"), Element("Arguments", $"/d /s /c \"{settings}{line}\""))));
        return $"{task}\n";
    }

    public IReadOnlyList<ServiceStep> Start(ServiceRole role, bool changed) =>
    [
        .. changed ? new[] { ServiceStep.Of("schtasks.exe", "/Create", "/TN", TaskOf(role), "/XML", FileOf(role), "/F") } : [],
        ServiceStep.Of("schtasks.exe", "/Run", "/TN", TaskOf(role)),
    ];

    public IReadOnlyList<ServiceStep> Stop(ServiceRole role) =>
        [new ServiceStep(["schtasks.exe", "/End", "/TN", TaskOf(role)], MayFail: true), new ServiceStep(["schtasks.exe", "/Delete", "/TN", TaskOf(role), "/F"], MayFail: true)];

    public IReadOnlyList<string> Query(ServiceRole role) => ["schtasks.exe", "/Query", "/TN", TaskOf(role), "/FO", "LIST"];

    public (bool Running, int? Pid, string State) Read(int exitCode, string printed)
    {
        var state = exitCode != 0 ? "not registered" : printed.Split('\n').FirstOrDefault(l => l.StartsWith("Status:", StringComparison.Ordinal))?["Status:".Length..].Trim() ?? "unknown";
        return (state is "Running", null, state);
    }

    private static XElement Element(string name, params object[] content) => new(s_task + name, content);

    // How Windows programs split their command line; % would be a variable to the interpreter.
    private static string Quoted(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/' or '\\') ? text : $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
