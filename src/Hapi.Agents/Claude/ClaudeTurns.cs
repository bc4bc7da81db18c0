namespace Hapi.Agents.Claude;

/// <summary>
/// The turn that runs: the prompt's, or one that Claude Code began by itself. A result belongs to the prompt once Claude Code has begun it;
/// versions that do not say so begin prompts at once.
/// </summary>
internal sealed class ClaudeTurns
{
    private readonly Lock _gate = new();
    private Prompt? _prompt;
    private bool _unasked;

    /// <summary>Whether a turn of either kind runs.</summary>
    public bool Running
    {
        get
        {
            lock (_gate)
            {
                return _prompt is not null || _unasked;
            }
        }
    }

    /// <summary>Completes with the prompt's result.</summary>
    public Task<TurnResult> Begin(string id)
    {
        lock (_gate)
        {
            _prompt = new Prompt(id);
            return _prompt.Completion.Task;
        }
    }

    /// <summary>The person wants the turn to end. Gives <see langword="false"/> when none runs.</summary>
    /// <param name="ended">Completes when the prompt has its result.</param>
    public bool Abort(out Task ended)
    {
        lock (_gate)
        {
            ended = _prompt?.Completion.Task ?? Task.CompletedTask;
            _prompt?.Aborted = true;
            return _prompt is not null || _unasked;
        }
    }

    public void Taken(string promptId)
    {
        lock (_gate)
        {
            if (_prompt is { } prompt && prompt.Id == promptId)
            {
                prompt.Announced = true;
            }
        }
    }

    /// <summary>A turn has begun.</summary>
    public TurnStart Began(string? promptId)
    {
        lock (_gate)
        {
            _prompt?.Begun |= promptId == _prompt.Id;
            if (promptId is not null)
            {
                return default;
            }

            var own = _prompt is { } prompt && (prompt.Begun || !prompt.Announced);
            var unasked = !own && !_unasked;
            _unasked |= unasked;
            // An interrupt that came while the prompt was still queued has not reached its turn.
            return new TurnStart(unasked, Abort: own && _prompt!.Aborted);
        }
    }

    /// <summary>A turn has ended. Gives <see langword="true"/> when it was one that nobody had asked for.</summary>
    public bool Ended(TurnResult result, bool asked)
    {
        Prompt? prompt;
        lock (_gate)
        {
            prompt = _prompt;
            if (prompt is null || !asked || (prompt.Announced && !prompt.Begun))
            {
                var was = _unasked;
                _unasked = false;
                return was;
            }

            _prompt = null;
        }

        prompt.Completion.SetResult(prompt.Aborted && result.End is TurnEnd.Failed ? new TurnResult(TurnEnd.Aborted) : result);
        return false;
    }

    public void Dropped(string promptId, TurnResult result)
    {
        lock (_gate)
        {
            if (_prompt is not { } prompt || prompt.Id != promptId)
            {
                return;
            }

            _prompt = null;
            prompt.Completion.SetResult(result);
        }
    }

    /// <summary>The program is gone. Gives <see langword="true"/> when a turn ran that nobody had asked for.</summary>
    public bool Gone(string message)
    {
        lock (_gate)
        {
            _prompt?.Completion.SetResult(new TurnResult(TurnEnd.AgentGone, message));
            _prompt = null;
            var was = _unasked;
            _unasked = false;
            return was;
        }
    }

    /// <param name="Unasked">Nobody asked for this turn, and none such ran before.</param>
    /// <param name="Abort">The person had wanted it to end before it began.</param>
    internal readonly record struct TurnStart(bool Unasked, bool Abort);

    private sealed class Prompt(string id)
    {
        public string Id => id;

        public TaskCompletionSource<TurnResult> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Claude Code says when it begins this prompt.</summary>
        public bool Announced { get; set; }

        public bool Begun { get; set; }

        public bool Aborted { get; set; }
    }
}
