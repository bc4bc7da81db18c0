using Hapi.Contracts.Link;

namespace Hapi.Hub.Sessions;

/// <summary>A fact, or a stable code and a reason why the bytes cannot be one.</summary>
internal readonly record struct ReadFact(Fact? Fact, string? Code, string? Reason);
