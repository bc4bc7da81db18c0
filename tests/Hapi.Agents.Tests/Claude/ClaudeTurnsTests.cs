using Hapi.Agents.Claude;

namespace Hapi.Agents.Tests.Claude;

public sealed class ClaudeTurnsTests
{
    private static readonly TurnResult s_done = new(TurnEnd.Completed);
    private readonly ClaudeTurns _turns = new();

    [Fact]
    public async Task A_prompt_ends_with_its_result()
    {
        var turn = Begin();
        Assert.Equal(default, _turns.Began("p"));
        Assert.Equal(default, _turns.Began(null));
        Assert.False(turn.IsCompleted);
        Assert.False(_turns.Ended(s_done, asked: true));
        Assert.Equal(s_done, await turn);
        Assert.False(_turns.Running);
    }

    [Fact]
    public void The_result_of_a_background_task_is_not_the_prompts()
    {
        Assert.True(_turns.Began(null).Unasked);
        Assert.True(_turns.Running);
        var turn = Begin();
        Assert.True(_turns.Ended(s_done, asked: false), "the unasked turn has ended");
        Assert.False(turn.IsCompleted);
    }

    [Fact]
    public void A_result_before_the_prompt_has_begun_is_not_the_prompts()
    {
        var turn = Begin();
        Assert.True(_turns.Began(null).Unasked);
        Assert.True(_turns.Ended(s_done, asked: true));
        Assert.False(turn.IsCompleted);
    }

    [Fact]
    public void A_version_that_announces_nothing_begins_prompts_at_once()
    {
        var turn = _turns.Begin("p");
        Assert.False(_turns.Began(null).Unasked);
        _turns.Ended(s_done, asked: true);
        Assert.True(turn.IsCompleted);
    }

    [Fact]
    public async Task An_interrupt_that_came_too_early_is_repeated_when_the_turn_begins()
    {
        var turn = Begin();
        Assert.True(_turns.Abort(out var ended));
        Assert.False(_turns.Began("p").Abort, "not before the model works");
        Assert.True(_turns.Began(null).Abort);
        _turns.Ended(new TurnResult(TurnEnd.Failed, "odd"), asked: true);
        await ended;
        Assert.Equal(TurnEnd.Aborted, (await turn).End);
    }

    [Fact]
    public async Task A_dropped_prompt_has_ended()
    {
        var turn = Begin();
        _turns.Dropped("another", s_done);
        Assert.False(turn.IsCompleted);
        _turns.Dropped("p", new TurnResult(TurnEnd.Aborted));
        Assert.Equal(TurnEnd.Aborted, (await turn).End);
    }

    [Fact]
    public void Without_a_turn_there_is_nothing_to_abort()
    {
        Assert.False(_turns.Abort(out _));
        _turns.Began(null);
        Assert.True(_turns.Abort(out var ended));
        Assert.True(ended.IsCompleted);
    }

    [Fact]
    public async Task A_program_that_is_gone_ends_both_kinds_of_turn()
    {
        _turns.Began(null);
        var turn = Begin();
        Assert.True(_turns.Gone("It died."));
        Assert.Equal(new TurnResult(TurnEnd.AgentGone, "It died."), await turn);
        Assert.False(_turns.Gone("again"));
    }

    private Task<TurnResult> Begin()
    {
        var turn = _turns.Begin("p");
        _turns.Taken("p");
        return turn;
    }
}
