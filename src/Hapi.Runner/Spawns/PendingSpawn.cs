using Hapi.Contracts.Machines;
using Hapi.Processes;

namespace Hapi.Runner.Spawns;

/// <summary>A session that is being started, or was, as long as its process lives.</summary>
internal sealed class PendingSpawn(string sessionId)
{
    public string SessionId { get; } = sessionId;

    /// <summary>Where it will work, once that is known.</summary>
    public string? Directory { get; set; }

    /// <summary>Its process, once there is one.</summary>
    public ProcessIdentity? Process { get; set; }

    public Task<SpawnResult> Result { get; set; } = Task.FromResult(new SpawnResult("error"));

    /// <summary>A second process for the session would be one too many.</summary>
    public bool IsLive => !Result.IsCompleted || Process?.IsAlive() == true;
}
