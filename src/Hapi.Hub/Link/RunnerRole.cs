using System.Text.Json;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Hub.Machines;
using Hapi.Hub.Storage;
using Hapi.Rpc;

namespace Hapi.Hub.Link;

/// <summary>The link of a machine's runner: it answers for the machine, and tells how it is.</summary>
/// <param name="known">The machine has been opened before.</param>
internal sealed class RunnerRole(FactOwner owner, long generation, bool known, ProcessLink link, LinkServices services) : ILinkRole, IRunnerLink
{
    private int _connected;

    public FactOwner Owner => owner;

    public long Generation => generation;

    public void Begin()
    {
        if (known)
        {
            Connect();
        }
    }

    public void FactsArrived()
    {
        // A machine's health does not hang on its facts.
    }

    public void FactsSettled()
    {
        // As above.
    }

    public void Opened(string machineId) => Connect();

    public void Show(ReadOnlySpan<byte> parameters)
    {
        using var document = JsonDocument.Parse(parameters.ToArray());
        var live = document.RootElement;
        if (live.ValueKind is JsonValueKind.Object && live.TryGetProperty("machineId", out var machine) && machine.ValueKind is JsonValueKind.String && machine.ValueEquals(owner.Id)
            && live.TryGetProperty("health", out var health))
        {
            _ = services.Machines.ShowAsync(owner.Id, this, HealthReader.Read(health));
        }
    }

    public async Task<byte[]> AnswerAsync(string method, JsonElement parameters, CancellationToken cancellationToken)
    {
        if (method is not LinkMethods.ReopenInterrupted)
        {
            throw ProcessLink.NotServed(method);
        }

        if (Asked(parameters)?.MachineId != owner.Id)
        {
            throw new RpcException(RpcException.InvalidParams, "A runner asks for its own machine.", "invalid_request");
        }

        var done = await services.Reopens.ForRunnerAsync(owner.Namespace, owner.Id, cancellationToken);
        return JsonSerializer.SerializeToUtf8Bytes(done, LinkJson.Default.ReopenInterruptedResult);
    }

    public void Cut() => link.Cut();

    public Task<RawJson> CallAsync(string name, RawJson args, TimeSpan deadline, CancellationToken cancellationToken) => link.CallAsync(name, args, deadline, cancellationToken);

    public Task LeaveAsync() => services.Machines.DisconnectAsync(owner.Id, this);

    private void Connect()
    {
        if (Interlocked.Exchange(ref _connected, 1) == 0)
        {
            _ = services.Machines.ConnectAsync(owner.Id, this);
        }
    }

    private static ReopenInterruptedRequest? Asked(JsonElement parameters)
    {
        try
        {
            return parameters.Deserialize(LinkJson.Default.ReopenInterruptedRequest);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
