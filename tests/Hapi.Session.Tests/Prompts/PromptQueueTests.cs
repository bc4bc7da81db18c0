using Hapi.Agents;
using Hapi.Session.Prompts;

namespace Hapi.Session.Tests.Prompts;

public sealed class PromptQueueTests
{
    private static readonly PromptMode s_ask = new("default", null, null), s_plan = new("plan", null, null);
    private readonly PromptQueue _queue = new();
    private int _count;

    [Fact]
    public async Task Prompts_of_one_mode_go_together_and_a_change_of_mode_parts_them()
    {
        Push("a", s_ask);
        Push("b", s_ask);
        Push("c", s_plan);
        Push("d", s_ask);
        Assert.Equal("a\nb", await TakeAsync());
        Assert.Equal("c", await TakeAsync());
        Assert.Equal("d", await TakeAsync());
    }

    [Fact]
    public async Task A_command_of_the_agent_goes_alone_and_keeps_its_place()
    {
        Push("a", s_ask);
        Push("/compact now", s_ask, isolated: true);
        Push("b", s_ask);
        Push("c", s_ask);
        Assert.Equal("a", await TakeAsync());
        Assert.Equal("/compact now", await TakeAsync());
        Assert.Equal("b\nc", await TakeAsync());
    }

    [Fact]
    public async Task Who_waits_gets_the_prompt_that_comes()
    {
        var taking = TakeAsync();
        Assert.False(taking.IsCompleted);
        Push("late", s_ask);
        Assert.Equal("late", await taking);
    }

    [Fact]
    public async Task A_prompt_that_was_removed_is_never_given()
    {
        Push("a", s_ask);
        var b = Push("b", s_ask);
        Assert.True(_queue.Remove(b.MessageId));
        Assert.False(_queue.Remove(b.MessageId));
        Assert.Equal("a", await TakeAsync());
        Assert.True(_queue.IsEmpty);
    }

    [Fact]
    public async Task A_batch_that_was_not_given_waits_again_before_what_came_later()
    {
        Push("a", s_ask);
        Push("b", s_ask);
        var batch = await _queue.TakeAsync(TestContext.Current.CancellationToken);
        Push("c", s_plan);
        _queue.Restore(batch);
        Assert.Equal("a\nb", await TakeAsync());
        Assert.Equal("c", await TakeAsync());
    }

    [Fact]
    public void Files_stand_before_the_text_and_images_go_along_as_such()
    {
        var prompt = new Prompt("c", "m", "l", "Look", [new PromptAttachment("/tmp/a.txt", "a.txt", "text/plain", 3), new PromptAttachment("/tmp/b.png", "b.png", "image/png", 3)], s_ask, false);
        var given = new PromptBatch([prompt]).ForAgent(() => { });
        Assert.Equal("@/tmp/a.txt\n\nLook", given.Text);
        Assert.Equal("/tmp/b.png", Assert.Single(given.Attachments!).Path);
    }

    private async Task<string> TakeAsync() => (await _queue.TakeAsync(TestContext.Current.CancellationToken)).ForAgent(() => { }).Text;

    private Prompt Push(string text, PromptMode mode, bool isolated = false)
    {
        var prompt = new Prompt($"c{++_count}", $"m{_count}", $"l{_count}", text, [], mode, isolated);
        _queue.Push(prompt);
        return prompt;
    }
}
