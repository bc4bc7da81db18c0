using System.Text.Json;
using Hapi.Contracts;
using Hapi.Contracts.Link;

namespace Hapi.Link;

/// <summary>What a process does with what the hub wants of it.</summary>
public interface ILinkHandler
{
    /// <summary>
    /// One command at a time, in order. It must take the command into the inbox, or answer it with a fact, before it completes;
    /// long work goes on elsewhere. The same command may come again after a reconnect.
    /// </summary>
    Task OnCommandAsync(Command command, CancellationToken cancellationToken);

    /// <summary>Answers a question. Gives <see langword="null"/> for a name it does not serve.</summary>
    Task<RawJson?> OnCallAsync(string name, RawJson args, CancellationToken cancellationToken);

    /// <summary>The hub has been sent the answer to a question, good or bad.</summary>
    void Answered(string name, JsonElement args)
    {
    }
}
