namespace Hapi.Link;

/// <summary>One fact as it lies in the outbox: its number within its generation, and its bytes.</summary>
public readonly record struct OutboxFact(long N, byte[] Body);
