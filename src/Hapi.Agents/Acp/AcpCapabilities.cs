using System.Text.Json;

namespace Hapi.Agents.Acp;

/// <summary>What an agent said of itself when it was greeted.</summary>
/// <param name="Questions">It takes answers to questions in <c>_meta.hapi.answers</c>, and a reason for a denial in <c>_meta.hapi.reason</c>.</param>
internal sealed record AcpCapabilities(
    string Label, string? Name, string? Version, bool Load, bool Resume, bool Fork, bool List, bool Images, bool Questions, IReadOnlyList<SignInMethod> SignIn)
{
    public static AcpCapabilities Read(JsonElement result, string program)
    {
        var agent = result.Object("agentInfo") ?? default;
        var capabilities = result.Object("agentCapabilities") ?? default;
        var sessions = capabilities.Object("sessionCapabilities") ?? default;
        return new AcpCapabilities(
            agent.Words("title") ?? agent.Words("name") ?? program,
            agent.Words("name"),
            agent.Words("version"),
            capabilities.Flag("loadSession"),
            sessions.Object("resume") is not null,
            sessions.Object("fork") is not null,
            sessions.Object("list") is not null,
            capabilities.Object("promptCapabilities") is { } prompts && prompts.Flag("image"),
            capabilities.Object("_meta")?.Object("hapi") is { } hapi && hapi.Flag("questions"),
            [.. result.Items("authMethods").Select(method => new SignInMethod(method.Text("id") ?? "", method.Words("name"), method.Words("description")))]);
    }
}

internal sealed record SignInMethod(string Id, string? Name, string? Description);
