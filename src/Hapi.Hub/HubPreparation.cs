using Hapi.Hub.Auth;
using Hapi.Hub.Events;

namespace Hapi.Hub;

/// <summary>What must be read or made before the first request is answered.</summary>
internal sealed class HubPreparation(AccessTokens tokens, DeviceDoor devices, WebTokens web, EventLog log) : IHostedService
{
    private const string TokenVariable = "CLI_API_TOKEN";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await tokens.PrepareAsync(Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token ? token : null, cancellationToken);
        await devices.PrepareAsync(cancellationToken);
        web.Prepare();
        await log.PrepareAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
