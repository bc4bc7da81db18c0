namespace Hapi.Contracts.Machines;

/// <summary>What a machine says of itself. An open document.</summary>
public sealed record MachineMetadata
{
    public required string Host { get; init; }

    public string? Platform { get; init; }

    public string? HappyCliVersion { get; init; }

    /// <summary>The name a person gave.</summary>
    public string? DisplayName { get; init; }

    public string? HomeDir { get; init; }
}
