namespace Hapi.ModelServer.Scenarios;

/// <summary>
/// One answer of the model. In texts <c>{{lastToolResult}}</c>, <c>{{prompt}}</c>, <c>{{model}}</c> and <c>{{arg:name}}</c> (the prompt's <c>name=value</c>)
/// are filled in, and <c>{{gate:name}}</c> stops the stream until that gate is opened.
/// </summary>
public sealed record ScenarioStep
{
    public string Text { get; init; } = "";

    public string Thinking { get; init; } = "";

    public ScenarioTool? Tool { get; init; }

    /// <summary>Several calls in one answer.</summary>
    public IReadOnlyList<ScenarioTool> Tools { get; init; } = [];

    /// <summary>Characters in one piece of a stream.</summary>
    public int Chunk { get; init; } = 16;

    /// <summary>Between two pieces.</summary>
    public int DelayMs { get; init; }

    /// <summary>Before the first byte.</summary>
    public int StartDelayMs { get; init; }

    /// <summary>The stream begins, and its content waits until this gate is opened.</summary>
    public string? Gate { get; init; }

    /// <summary>The stream begins and never says anything; the client has to leave.</summary>
    public bool Hang { get; init; }

    public ScenarioError? Error { get; init; }

    /// <summary>How often this step answers before <see cref="Then"/> (or else the next step) takes its place; 0 is always.</summary>
    public int Times { get; init; }

    public ScenarioStep? Then { get; init; }

    public int InputTokens { get; init; } = 1000;

    /// <summary>0 counts the text.</summary>
    public int OutputTokens { get; init; }
}
