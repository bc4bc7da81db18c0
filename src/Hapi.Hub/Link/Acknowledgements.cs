using System.Threading.Channels;
using Hapi.Contracts.Link;
using Hapi.Hub.Storage;
using Hapi.Rpc;

namespace Hapi.Hub.Link;

/// <summary>
/// Tells a process what became of its frames, in their order: an acknowledgement never goes back. Frames that share a commit share their
/// acknowledgement, too.
/// </summary>
internal sealed partial class Acknowledgements(ProcessLink link, ILinkRole role, ILogger logger)
{
    private readonly Channel<(Task<IntakeResult> Applying, long Generation)> _frames =
        Channel.CreateUnbounded<(Task<IntakeResult>, long)>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    public void Add(Task<IntakeResult> applying, long generation)
    {
        role.FactsArrived();
        _frames.Writer.TryWrite((applying, generation));
    }

    /// <summary>No more frames come.</summary>
    public void Complete() => _frames.Writer.TryComplete();

    /// <summary>Completes after the last frame. It never faults.</summary>
    public async Task RunAsync()
    {
        await foreach (var (applying, generation) in _frames.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                await TellAsync(await applying, generation);
            }
            catch (RpcClosedException)
            {
                // The process asks at its next hello how far it got.
            }
            catch (Exception ex) when (ex is HubStoppingException or ForeignOwnerException or FactGapException or WriteConflictException)
            {
                link.Cut(); // its next hello tells it where it stands
            }
            catch (Exception ex)
            {
                LogNotApplied(ex, role.Owner.Id);
                link.Cut(); // nothing was applied; the process sends it again
            }
            finally
            {
                role.FactsSettled();
            }
        }
    }

    private async Task TellAsync(IntakeResult applied, long generation)
    {
        if (applied.OpenedOn is { } machine)
        {
            role.Opened(machine);
        }

        foreach (var refusal in applied.Refused)
        {
            LogRefused(refusal.Owner, refusal.Generation, refusal.N, refusal.Code);
            await link.SendAsync(LinkMethods.Refuse, refusal, LinkJson.Default.RefuseNotice);
        }

        if (!(_frames.Reader.TryPeek(out var next) && next.Generation == generation && next.Applying.IsCompletedSuccessfully))
        {
            await link.SendAsync(LinkMethods.Ack, new AckNotice(role.Owner.Id, generation, applied.Through), LinkJson.Default.AckNotice);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Owner}: fact {Generation}/{N} was refused: {Code}.")]
    private partial void LogRefused(string owner, long generation, long n, string code);

    [LoggerMessage(Level = LogLevel.Error, Message = "Facts of {Owner} could not be applied.")]
    private partial void LogNotApplied(Exception exception, string owner);
}
