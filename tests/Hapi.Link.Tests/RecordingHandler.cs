using System.Collections.Concurrent;
using System.Text.Json;
using Hapi.Contracts;
using Hapi.Contracts.Link;

namespace Hapi.Link.Tests;

/// <summary>Notes what it is given, and behaves as a test wants.</summary>
internal sealed class RecordingHandler : ILinkHandler
{
    private int _now;

    public ConcurrentQueue<string> Taken { get; } = new();

    public int Entered { get; private set; }

    public int MostAtOnce { get; private set; }

    /// <summary>The questions whose answers have been sent, with their arguments.</summary>
    public ConcurrentQueue<string> AnsweredCalls { get; } = new();

    public bool Fails { get; set; }

    public TaskCompletionSource? Hold { get; set; }

    public Outbox? Outbox { get; set; }

    public async Task OnCommandAsync(Command command, CancellationToken cancellationToken)
    {
        Entered++;
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _now));
        try
        {
            if (Fails)
            {
                throw new InvalidOperationException("scripted");
            }

            await (Hold?.Task ?? Task.CompletedTask);
            if (Outbox is null || await Outbox.AcceptAsync(command, null, new CommandAccepted(1, command.Id), cancellationToken))
            {
                Taken.Enqueue(command.Id);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _now);
        }
    }

    public void Answered(string name, JsonElement args) => AnsweredCalls.Enqueue($"{name} {args.GetRawText()}");

    public Task<RawJson?> OnCallAsync(string name, RawJson args, CancellationToken cancellationToken) => Task.FromResult<RawJson?>(name switch
    {
        "known" => args,
        "huge" => RawJson.Parse($"\"{new string('x', LinkLimits.MaxFrameBytes)}\""),
        _ => null,
    });
}
