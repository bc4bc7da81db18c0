using Hapi.Hub.Audit;
using Hapi.Hub.Auth;
using Hapi.Hub.Events;
using Hapi.Hub.Storage;

namespace Hapi.Hub;

/// <summary>What must be read or made before the first request is answered.</summary>
internal sealed class HubPreparation(AccessTokens tokens, DeviceDoor devices, WebTokens web, EventLog log, HubWriter writer) : IHostedService
{
    private const string TokenVariable = "CLI_API_TOKEN";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var given = Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token ? token : null;
        if (await tokens.PrepareAsync(given, cancellationToken))
        {
            await writer.WriteAsync(scope =>
            {
                scope.Audit.Add(new AuditEntry(AuditKinds.TokenCreated, Identity.DefaultNamespace, AuditActor.Hub, AuditChannels.Hub) { Subject = "owner", Reason = given is null ? "First start" : TokenVariable });
                return true;
            }, cancellationToken);
        }

        await devices.PrepareAsync(cancellationToken);
        web.Prepare();
        await log.PrepareAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
