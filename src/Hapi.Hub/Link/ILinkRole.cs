using System.Text.Json;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Link;

/// <summary>What a link is for, once its process has said hello. The link itself carries facts and calls alike for every role.</summary>
internal interface ILinkRole
{
    /// <summary>Whose facts travel.</summary>
    FactOwner Owner { get; }

    /// <summary>The answer to hello has been written: everything else comes after it. Returns at once.</summary>
    void Begin();

    /// <summary>A frame of facts has arrived; what is shown live waits for it. Each is followed by <see cref="FactsSettled"/>.</summary>
    void FactsArrived();

    /// <summary>A frame of facts is applied, or never will be.</summary>
    void FactsSettled();

    /// <summary>A fact has opened the owner. Before that nobody knows it.</summary>
    void Opened(string machineId);

    /// <exception cref="JsonException">The parameters have another shape.</exception>
    void Show(ReadOnlySpan<byte> parameters);

    /// <summary>A request beside hello and ping.</summary>
    /// <exception cref="Rpc.RpcException">It is refused; <c>MethodNotFound</c> when this role has no such request.</exception>
    Task<byte[]> AnswerAsync(string method, JsonElement parameters, CancellationToken cancellationToken);

    /// <summary>The link has ended, and all facts are settled. It never faults.</summary>
    Task LeaveAsync();
}
