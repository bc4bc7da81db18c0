using Hapi.Contracts.Link;
using Hapi.Hub.Storage;
using Hapi.Rpc;
using BoundedChannelFullMode = System.Threading.Channels.BoundedChannelFullMode;
using BoundedChannelOptions = System.Threading.Channels.BoundedChannelOptions;
using Channel = System.Threading.Channels.Channel;

namespace Hapi.Hub.Link;

/// <summary>Delivers a session's commands over its link, each once a link, in the order of their rows.</summary>
internal sealed class CommandDelivery(string sessionId, ProcessLink link, LinkServices services)
{
    // Below a frame's limit, with room for what stands around the bodies.
    private const int MaxFrame = LinkLimits.MaxFrameBytes - (64 * 1024);
    private readonly System.Threading.Channels.Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly HashSet<string> _given = new(StringComparer.Ordinal);

    /// <summary>There may be commands. Returns at once.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Delivers until the link ends. It never faults.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _wake.Reader.WaitToReadAsync(cancellationToken))
            {
                _wake.Reader.TryRead(out _);
                await DeliverAsync(sessionId, cancellationToken);
            }
        }
        catch (Exception ex) when (ex is OperationCanceledException or RpcClosedException or HubStoppingException)
        {
            // They are sent again on the next link.
        }
        catch (Exception)
        {
            link.Cut(); // the store is out of reach: the next link delivers
        }
    }

    private async Task DeliverAsync(string id, CancellationToken cancellationToken)
    {
        var open = await services.Reader.ReadAsync(sql => CommandRows.Open(sql, id), cancellationToken);
        var fresh = open.Where(c => !_given.Contains(c.Command.Id)).ToList();
        if (fresh.Exists(c => c.State is "stored"))
        {
            // First the note that the process may have it: a person may take back what nobody has.
            var taken = await MarkSentAsync(id, fresh);
            fresh.RemoveAll(c => !taken.Contains(c.Command.Id));
        }

        var (frame, size) = (new List<Command>(), 0);
        foreach (var command in fresh.Select(c => c.Command))
        {
            if (frame.Count > 0 && size + command.Body.Utf8.Length > MaxFrame)
            {
                await SendAsync(id, frame);
                (frame, size) = ([], 0);
            }

            frame.Add(command);
            size += command.Body.Utf8.Length + 256;
        }

        if (frame.Count > 0)
        {
            await SendAsync(id, frame);
        }
    }

    private async Task SendAsync(string id, List<Command> frame)
    {
        await link.SendAsync(LinkMethods.Deliver, new DeliverBatch(id, frame), LinkJson.Default.DeliverBatch);
        frame.ForEach(command => _given.Add(command.Id));
    }

    // Gives those that may be sent: what was cancelled meanwhile may not.
    private Task<HashSet<string>> MarkSentAsync(string id, List<CommandRow> commands) => services.Writer.WriteAsync(scope =>
    {
        var may = new HashSet<string>(StringComparer.Ordinal);
        if (services.Edits.Find(scope, id) is not { } edit)
        {
            return may;
        }

        foreach (var command in commands)
        {
            var now = CommandRows.Find(scope.Sql, id, command.Command.Id)?.State;
            if (now is "stored" or "sent")
            {
                may.Add(command.Command.Id);
            }

            if (now is "stored")
            {
                CommandRows.SetState(scope.Sql, command.Command.Id, "sent", null, scope.Now);
                if (command is { Command.Kind: CommandKinds.Message, Subject: { } subject } && MessageRows.Find(scope.Sql, id, subject) is { InvokedAt: null, DeliveryState: null } message)
                {
                    edit.SetDelivery(message, "sent");
                }
            }
        }

        return may;
    }, CancellationToken.None);
}
