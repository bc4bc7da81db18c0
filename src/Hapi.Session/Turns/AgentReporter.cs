using System.Text.Json.Nodes;
using Hapi.Agents;
using Hapi.Contracts.Link;
using Hapi.Session.Live;
using Hapi.Session.Permissions;
using Hapi.Session.Titles;

namespace Hapi.Session.Turns;

/// <summary>Hears the agent, and makes facts and live values of what it says.</summary>
internal sealed class AgentReporter(SessionLog log, LiveState live, PermissionDesk permissions, TitleKeeper titles, ConversationId conversation) : IAgentHost
{
    /// <summary>Where the agent's own changes of its settings go. Set once, before the agent starts.</summary>
    public ConfigDesk? Config { get; set; }

    public async ValueTask EmitAsync(AgentEvent e, CancellationToken cancellationToken)
    {
        switch (e)
        {
            case NativeSessionChanged changed:
                await conversation.SetAsync(changed.NativeSessionId);
                return;
            case TitleChanged title:
                await titles.OfferAsync(title.Title, title.Fallback);
                return;
            case SlashCommandsChanged commands:
                await log.SetMetadataAsync("slashCommands", new JsonArray([.. commands.Names.Select(n => (JsonNode?)n)]));
                return;
            case ConfigChanged change:
                Config?.AgentChanged(change);
                break;
        }

        if (log.Family.Write(e) is { } envelope)
        {
            await log.SayAsync(envelope);
        }

        if (e is TextSettled { Id: var text })
        {
            live.StreamEnded(text);
        }
        else if (e is ReasoningSettled { Id: var reasoning })
        {
            live.StreamEnded(reasoning);
        }
    }

    public void Stream(LiveStream stream) => live.Stream(stream);

    public void StreamEnded(string id) => live.StreamEnded(id);

    public Task<PermissionDecision> AskAsync(PermissionAsk ask, CancellationToken cancellationToken) => permissions.AskAsync(ask, cancellationToken);

    public void WorkingChanged(bool working) => live.Working(working);
}
