using System.Text.Json;

namespace Hapi.Contracts.Link;

/// <summary>Facts as UTF-8 JSON, the way they lie in the outbox and travel.</summary>
public static class FactWriter
{
    /// <summary>Gives the fact's bytes; <c>kind</c> is among its members.</summary>
    /// <exception cref="NotSupportedException">The fact is of a type the link does not know.</exception>
    public static byte[] Write(Fact fact) => JsonSerializer.SerializeToUtf8Bytes(fact, LinkJson.Default.GetTypeInfo(fact.GetType())
        ?? throw new NotSupportedException($"{fact.GetType().Name} is not a fact of the link."));
}
