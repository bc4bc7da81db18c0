using System.Text.Json;
using Hapi.Agents.Acp.Updates;

namespace Hapi.Agents.Acp;

/// <summary>
/// Applies what the agent says, one thing after another, and records it with the host. What nobody ends by saying something else (a text after the turn, a
/// call whose input grows) is ended or shown by the clock.
/// </summary>
internal sealed class AcpConversation : IDisposable
{
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(1);
    private readonly IAgentHost _host;
    private readonly TimeProvider _time;
    private readonly UpdateTranslator _translator;
    private readonly LiveText _live;
    private readonly WorkSignal _work;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ITimer _tick;
    private long _lastUpdate;
    private bool _inTurn, _armed;

    public AcpConversation(IAgentHost host, TimeProvider time, UpdateTranslator translator)
    {
        (_host, _time, _translator) = (host, time, translator);
        _live = new LiveText(host, time);
        _work = new WorkSignal(host, time);
        _lastUpdate = time.GetTimestamp();
        _tick = time.CreateTimer(_ => _ = TickAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public AcpSettings Settings => _translator.Settings;

    public bool IsReplaying => _translator.IsReplaying;

    public bool TellsTitle => _translator.TellsTitle;

    /// <summary>The agent has said something since the turn began.</summary>
    public bool HasSpoken => _translator.HasSpoken;

    /// <summary>Takes one update. It completes when everything in it is safe: the agent is not read further before.</summary>
    public Task ApplyAsync(JsonElement update, CancellationToken cancellationToken) => LockedAsync(async () =>
    {
        _lastUpdate = _time.GetTimestamp();
        IReadOnlyList<UpdateOutput> outputs;
        try
        {
            outputs = _translator.Apply(update);
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException or ArgumentException or FormatException)
        {
            // An update that makes no sense costs itself, not the session.
            return;
        }

        await EmitAsync(outputs, cancellationToken);
        Arm();
    }, cancellationToken);

    /// <summary>Takes the settings from the answer that opened the conversation.</summary>
    public Task OpenedAsync(JsonElement answer, CancellationToken cancellationToken) => LockedAsync(() =>
    {
        _translator.Settings = _translator.Settings.With(answer);
        _translator.IsOpen = true;
        return default;
    }, cancellationToken);

    /// <summary>Changes the settings as we asked for, so that the agent's echo of it is no news.</summary>
    public Task SetAsync(Func<AcpSettings, AcpSettings> change, CancellationToken cancellationToken) => LockedAsync(() =>
    {
        _translator.Settings = change(_translator.Settings);
        return default;
    }, cancellationToken);

    public void Replay() => _translator.IsReplaying = true;

    /// <summary>Begins a turn. History that still comes by (Gemini replays it after it has answered) is let pass first.</summary>
    public async Task BeginTurnAsync(CancellationToken cancellationToken)
    {
        if (_translator.IsReplaying)
        {
            await QuietAsync(_lastUpdate, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(1200), cancellationToken);
        }

        await LockedAsync(async () =>
        {
            _translator.IsReplaying = false;
            await EmitAsync(_translator.SettleText(), cancellationToken);
            _translator.HasSpoken = false;
            _inTurn = true;
            _work.Prompted();
        }, cancellationToken);
    }

    /// <summary>Waits for the words that some models send after their answer, 2 s at most.</summary>
    public Task LateWordsAsync(CancellationToken cancellationToken) =>
        QuietAsync(_time.GetTimestamp(), TimeSpan.FromMilliseconds(120), TimeSpan.FromSeconds(2), cancellationToken);

    public Task EndTurnAsync(JsonElement? result, string callsEnd, bool callsFailed) => LockedAsync(async () =>
    {
        await EmitAsync(_translator.EndTurn(result, callsEnd, callsFailed), CancellationToken.None);
        _inTurn = false;
        Arm();
    }, CancellationToken.None);

    public Task NoteAsync(AgentEvent e, CancellationToken cancellationToken) => LockedAsync(() => _host.EmitAsync(e, cancellationToken), cancellationToken);

    public Task TitledAsync(string? title, CancellationToken cancellationToken) => LockedAsync(() => EmitAsync(_translator.Titled(title), cancellationToken), cancellationToken);

    /// <summary>Takes back the open text when <paramref name="same"/> says that it will be told as an error.</summary>
    public async Task<string?> TakeBackAsync(Func<string, bool> same)
    {
        string? taken = null;
        await LockedAsync(async () =>
        {
            if (_translator.PeekText() is { } text && same(text))
            {
                taken = text;
                await EmitAsync(_translator.DropText(), CancellationToken.None);
            }
        }, CancellationToken.None);
        return taken;
    }

    /// <summary>Shows the call that a permission request is about, and gives what a person is to be asked.</summary>
    public async Task<ToolCall> AskedAsync(string callId, JsonElement toolCall, CancellationToken cancellationToken)
    {
        ToolCall? call = null;
        await LockedAsync(() =>
        {
            (call, var outputs) = _translator.Asked(callId, toolCall);
            return EmitAsync(outputs, cancellationToken);
        }, cancellationToken);
        return call!;
    }

    public void Dispose()
    {
        _tick.Dispose();
        _live.Dispose();
        _work.Dispose();
        _gate.Dispose();
    }

    private async Task LockedAsync(Func<ValueTask> act, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await act();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask EmitAsync(IEnumerable<UpdateOutput> outputs, CancellationToken cancellationToken)
    {
        foreach (var output in outputs)
        {
            switch (output)
            {
                case Settled settled:
                    await _host.EmitAsync(settled.Event, cancellationToken);
                    break;
                case Growing growing:
                    _live.Grew(growing.Text);
                    break;
                case Dropped dropped:
                    _host.StreamEnded(dropped.StreamId);
                    break;
                case Working working when !_inTurn:
                    _work.Said(working.IsWorking);
                    break;
            }
        }
    }

    private async Task QuietAsync(long since, TimeSpan quiet, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var begun = _time.GetTimestamp();
        while (_time.GetElapsedTime(begun) < atMost)
        {
            var rest = quiet - _time.GetElapsedTime(Math.Max(since, Volatile.Read(ref _lastUpdate)));
            if (rest <= TimeSpan.Zero)
            {
                return;
            }

            await Task.Delay(rest, _time, cancellationToken);
        }
    }

    private void Arm()
    {
        var idle = !_inTurn && _translator.HasOpenText ? s_idle : (TimeSpan?)null;
        var wait = (_translator.WaitForCalls, idle) switch
        {
            ({ } calls, { } text) => calls < text ? calls : text,
            var (calls, text) => calls ?? text,
        };
        if (!_armed && wait is { } due)
        {
            _armed = true;
            _tick.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task TickAsync()
    {
        try
        {
            await LockedAsync(async () =>
            {
                _armed = false;
                await EmitAsync(_translator.ShowChangedCalls(), CancellationToken.None);
                if (!_inTurn && _time.GetElapsedTime(_lastUpdate) >= s_idle)
                {
                    await EmitAsync(_translator.SettleText(), CancellationToken.None);
                }

                Arm();
            }, CancellationToken.None);
        }
        catch (Exception)
        {
            // What could not be recorded now meets the same fault at the next update, which ends the reading.
        }
    }
}
