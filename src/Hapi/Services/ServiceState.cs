using System.Text.Json.Nodes;

namespace Hapi.Services;

/// <summary>How a service is.</summary>
/// <param name="Home">The home its file was made for; <see langword="null"/> when Hapi did not make the file.</param>
internal sealed record ServiceState(ServiceRole Role, bool Installed, string? Home, bool Running, int? Pid, string State)
{
    public JsonObject ToJson() => new() { ["service"] = Role.Name, ["installed"] = Installed, ["home"] = Home, ["running"] = Running, ["pid"] = Pid, ["state"] = State };
}
