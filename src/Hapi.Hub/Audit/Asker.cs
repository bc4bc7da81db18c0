using Hapi.Hub.Auth;
using Hapi.Hub.Http;

namespace Hapi.Hub.Audit;

/// <summary>Who asks for something over HTTP, as the audit names them.</summary>
internal sealed record Asker(AuditActor Actor, string Channel)
{
    /// <summary>How the command line calls itself. A label, not a proof: whoever has the owner's token may say so.</summary>
    private const string CommandLine = "hapi-cli";

    /// <summary>The hub's own owner, at the command that runs it.</summary>
    public static readonly Asker HubCommand = new(AuditActor.Cli("owner"), AuditChannels.Cli);

    public string Name => Actor.Name ?? Actor.Kind;

    public static Asker Of(HttpContext context) => Of(context.Caller(), context);

    public static Asker Of(Identity who, HttpContext context) => new(
        who.DeviceId is { } device ? new AuditActor("device", device, who.DeviceName) : new AuditActor("user", null, who.DeviceName),
        context.Request.Headers.UserAgent.ToString().StartsWith(CommandLine, StringComparison.Ordinal) ? AuditChannels.Cli : AuditChannels.Web);
}
