using System.Threading.Channels;
using Hapi.Contracts.Link;

namespace Hapi.Link;

/// <summary>
/// Hands commands to the handler, one at a time and in order, whatever links come and go meanwhile. It is apart from the reader of a
/// link, because a handler may wait for room on the disk, and the link must live on to say so.
/// </summary>
internal sealed class CommandPump(ILinkHandler handler)
{
    private readonly Channel<Command> _commands = Channel.CreateUnbounded<Command>(new() { SingleReader = true });
    private readonly HashSet<string> _here = [];
    private readonly Lock _gate = new();

    /// <summary>The handler has failed on a command: only a new link brings it again.</summary>
    public event Action? Failed;

    /// <summary>Takes what the hub delivers. What is here already, from an earlier link, is not taken twice.</summary>
    public void Take(IEnumerable<Command> commands)
    {
        foreach (var command in commands)
        {
            lock (_gate)
            {
                if (!_here.Add(command.Id))
                {
                    continue;
                }
            }

            _commands.Writer.TryWrite(command);
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await _commands.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_commands.Reader.TryRead(out var command))
            {
                await HandleAsync(command, cancellationToken);
            }
        }
    }

    private async Task HandleAsync(Command command, CancellationToken cancellationToken)
    {
        var failed = false;
        try
        {
            await handler.OnCommandAsync(command, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            failed = true; // one command's failure is not the next one's
        }

        lock (_gate)
        {
            _here.Remove(command.Id);
        }

        if (failed)
        {
            Failed?.Invoke();
        }
    }
}
