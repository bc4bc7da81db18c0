using System.Text.Json.Nodes;

namespace Hapi.ModelServer.Scenarios;

/// <summary>A tool call: by <see cref="Name"/> with its exact <see cref="Input"/>, or by <see cref="Kind"/>, in the words of the agent that asks.</summary>
public sealed record ScenarioTool
{
    public string? Name { get; init; }

    public JsonObject? Input { get; init; }

    /// <summary><c>shell</c>, <c>write</c>, <c>edit</c>, <c>read</c>, <c>todo</c>, or <c>mcp</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>shell: the command line.</summary>
    public string? Command { get; init; }

    /// <summary>shell: what the call is for, where the tool has room for it.</summary>
    public string? Description { get; init; }

    /// <summary>write, edit, read: the file.</summary>
    public string? Path { get; init; }

    /// <summary>write: the whole file.</summary>
    public string? Content { get; init; }

    /// <summary>edit: what stands there.</summary>
    public string? Old { get; init; }

    /// <summary>edit: what shall stand there.</summary>
    public string? New { get; init; }

    /// <summary>todo: the entries; the first is done, the second in progress, the rest open.</summary>
    public IReadOnlyList<string> Items { get; init; } = ["first thing", "second thing", "third thing"];

    /// <summary>mcp: how the offered tool's name ends; its arguments are <see cref="Input"/>.</summary>
    public string? Suffix { get; init; }

    /// <summary>Further arguments of a tool found by kind.</summary>
    public JsonObject? Extra { get; init; }
}
