using Hapi.Contracts;

namespace Hapi.Link;

/// <summary>How far a command has come in this process. Only prompts go past <see cref="Accepted"/>.</summary>
public enum InboxState
{
    Accepted,

    /// <summary>About to be given to the agent. A process that dies here cannot know whether the agent got it.</summary>
    Dispatching,
    Consumed,
    Cancelled,
    Indeterminate,
}

/// <summary>A command as the inbox remembers it, in the order of arrival.</summary>
public sealed record InboxEntry(string CommandId, string Kind, RawJson Body, InboxState State, string? LocalId);

/// <summary>What to note of a command, in the same transaction as the facts that tell of it.</summary>
public sealed record InboxChange(string CommandId, InboxState State);
