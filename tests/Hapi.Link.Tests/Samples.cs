using System.Text.Json;
using Hapi.Contracts;
using Hapi.Contracts.Link;

namespace Hapi.Link.Tests;

internal static class Samples
{
    public const string SessionId = "5f0c2a1e-0000-4000-8000-000000000001";

    public static Fact Message(string text) => new MessageFact(1, RawJson.Parse($$"""{"role":"agent","text":{{JsonSerializer.Serialize(text)}}}"""));

    /// <summary>A message's text; of any other fact its kind.</summary>
    public static string TextOf(RawJson fact) =>
        fact.ToElement().TryGetProperty("content", out var content) ? content.GetProperty("text").GetString()! : fact.ToElement().GetProperty("kind").GetString()!;

    public static string TextOf(OutboxFact fact) => TextOf(new RawJson(fact.Body));

    public static Command Prompt(string id, string text) => new(id, CommandKinds.Message, 1, RawJson.Parse($$"""{"text":{{JsonSerializer.Serialize(text)}}}"""));
}
