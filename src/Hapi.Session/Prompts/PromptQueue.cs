namespace Hapi.Session.Prompts;

/// <summary>Prompts that wait for the agent, in the order they came. One taker.</summary>
internal sealed class PromptQueue
{
    private readonly Lock _gate = new();
    private readonly List<Prompt> _waiting = [];
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count == 0;
            }
        }
    }

    public void Push(Prompt prompt)
    {
        lock (_gate)
        {
            _waiting.Add(prompt);
            _arrived.TrySetResult();
        }
    }

    /// <summary>Puts a batch back where it was: it was not given to the agent.</summary>
    public void Restore(PromptBatch batch)
    {
        lock (_gate)
        {
            _waiting.InsertRange(0, batch.Prompts);
            _arrived.TrySetResult();
        }
    }

    /// <summary>Gives <see langword="false"/> when it does not wait any more.</summary>
    public bool Remove(string messageId)
    {
        lock (_gate)
        {
            return _waiting.RemoveAll(p => p.MessageId == messageId) > 0;
        }
    }

    /// <summary>Takes the head alone when it is isolated, else the longest run of prompts with the head's mode.</summary>
    public async Task<PromptBatch> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrived;
            lock (_gate)
            {
                if (_waiting.Count > 0)
                {
                    return TakeHead();
                }

                _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                arrived = _arrived.Task;
            }

            await arrived.WaitAsync(cancellationToken);
        }
    }

    private PromptBatch TakeHead()
    {
        var head = _waiting[0];
        var batch = head.Isolated ? [head] : _waiting.TakeWhile(p => !p.Isolated && p.Mode == head.Mode).ToList();
        _waiting.RemoveRange(0, batch.Count);
        return new PromptBatch(batch);
    }
}
