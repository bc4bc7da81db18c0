using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.ModelServer.Conversations;
using Hapi.ModelServer.Scenarios;

namespace Hapi.ModelServer.Dialects;

/// <summary>One model API: how it writes a conversation, an answer and a refusal.</summary>
internal interface IModelDialect
{
    Conversation Read(JsonElement request, Func<string, bool> steers);

    JsonNode Whole(Answer answer);

    Task StreamAsync(Answer answer, ReplyStream stream, CancellationToken cancellationToken);

    JsonNode Refusal(ScenarioError error);
}
