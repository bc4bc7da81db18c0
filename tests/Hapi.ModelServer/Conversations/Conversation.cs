namespace Hapi.ModelServer.Conversations;

/// <summary>What one request says: the server keeps nothing between requests, so a retry, a resumed and a replayed conversation get the same answer.</summary>
public sealed class Conversation
{
    /// <param name="steers">Tells whether a prompt that rides with a tool result begins something of its own.</param>
    public Conversation(IReadOnlyList<Turn> turns, IReadOnlyList<OfferedTool> tools, string system, string model, Func<string, bool> steers)
    {
        (Tools, System, Model) = (tools, system, model);
        var newest = -1;
        for (var i = 0; i < turns.Count; i++)
        {
            if (turns[i].Kind is TurnKind.Prompt && (!turns[i].WithResult || steers(turns[i].Text)))
            {
                newest = i;
            }
        }

        Prompt = newest >= 0 ? turns[newest].Text : "";
        var after = turns.Skip(newest + 1).ToList();
        // Calls made in one answer may come as several entries; together they are one round.
        Round = after.Where((turn, i) => turn.Kind is TurnKind.ToolCalls && (i == 0 || after[i - 1].Kind is not TurnKind.ToolCalls)).Count();
        LastToolResult = after.LastOrDefault(t => t.Kind is TurnKind.ToolResult)?.Text ?? "";
    }

    /// <summary>The newest thing that a person said.</summary>
    public string Prompt { get; }

    /// <summary>How many times the model has called tools since.</summary>
    public int Round { get; }

    public string LastToolResult { get; }

    public IReadOnlyList<OfferedTool> Tools { get; }

    public string System { get; }

    public string Model { get; }
}
