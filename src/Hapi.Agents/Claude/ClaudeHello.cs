using System.Text.Json;
using Hapi.Contracts.Link;

namespace Hapi.Agents.Claude;

/// <summary>What Claude Code says of itself when it is asked to initialise.</summary>
internal static class ClaudeHello
{
    public static AgentReady Read(JsonElement hello, AgentStart start, bool allowsBypass) => new(
        start.Fork ? null : start.NativeSessionId,
        start.Model,
        ClaudeModes.Canonical(hello.Text("current_permission_mode") ?? start.PermissionMode ?? ClaudeModes.Default),
        ClaudeModes.Offered(allowsBypass),
        [.. hello.Items("models").Where(model => model.Text("value") is not null).Select(model => new ModelOption(model.Text("value")!, model.Text("displayName") ?? model.Text("value")!))],
        [.. hello.Items("commands").Select(command => command.Text("name")).OfType<string>()],
        hello.Text("claude_code_version"));
}
