using System.Text.Json;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Link;

/// <summary>Somebody who brings what a dead session process has left. Its facts are all there is to it: the session is no more connected for it.</summary>
internal sealed class CourierRole(FactOwner owner) : ILinkRole
{
    public FactOwner Owner => owner;

    public void Begin()
    {
        // There is nothing to give it.
    }

    public void FactsArrived()
    {
        // It shows nothing live.
    }

    public void FactsSettled()
    {
        // As above.
    }

    public void Opened(string machineId)
    {
        // The process that wrote this is dead.
    }

    public void Show(ReadOnlySpan<byte> parameters)
    {
        // The dead show nothing.
    }

    public Task<byte[]> AnswerAsync(string method, JsonElement parameters, CancellationToken cancellationToken) => throw ProcessLink.NotServed(method);

    public Task LeaveAsync() => Task.CompletedTask;
}
