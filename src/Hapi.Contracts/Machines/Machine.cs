using System.Text.Json.Serialization;

namespace Hapi.Contracts.Machines;

/// <summary>A machine that sessions run on.</summary>
public sealed record Machine
{
    public required string Id { get; init; }

    public required string Namespace { get; init; }

    public required long Seq { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }

    public required bool Active { get; init; }

    public required long ActiveAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    [Shape(typeof(MachineMetadata))]
    public RawJson? Metadata { get; init; }

    public required long MetadataVersion { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public RawJson? RunnerState { get; init; }

    public required long RunnerStateVersion { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public RawJson? Health { get; init; }
}
