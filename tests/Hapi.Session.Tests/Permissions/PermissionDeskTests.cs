using System.Text.Json;
using Hapi.Agents;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Session.Permissions;
using Hapi.TestKit;

namespace Hapi.Session.Tests.Permissions;

public sealed class PermissionDeskTests : IAsyncLifetime
{
    private readonly SessionFiles _files = new();
    private PermissionDesk _desk = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _desk = new PermissionDesk(_files.Log, new SilentLines());
        return default;
    }

    public ValueTask DisposeAsync() => _files.DisposeAsync();

    [Theory]
    [InlineData(true, null, "Approved", "approved")]
    [InlineData(true, "approved_for_session", "ApprovedForSession", "approved")]
    [InlineData(false, null, "Denied", "denied")]
    [InlineData(false, "abort", "Abort", "denied")]
    public async Task An_answer_reaches_the_agent_and_closes_the_request(bool approved, string? decision, string verdict, string status)
    {
        var asking = await AskAsync("call", Token);
        await _desk.AnswerAsync(Answer("1", new PermissionAnswerCommand("call", approved, "because", Decision: decision)));
        var heard = await asking;
        Assert.Equal(verdict, heard.Verdict.ToString());
        Assert.Equal("because", heard.Reason);
        var closed = _files.Facts()[^1];
        Assert.Equal((FactKinds.RequestClosed, status, "Pixel"), (closed.GetProperty("kind").GetString(), closed.GetProperty("status").GetString(), closed.GetProperty("by").GetString()));
    }

    [Fact]
    public async Task Of_two_answers_the_first_counts()
    {
        var asking = await AskAsync("call", Token);
        await _desk.AnswerAsync(Answer("1", new PermissionAnswerCommand("call", true)));
        await _desk.AnswerAsync(Answer("2", new PermissionAnswerCommand("call", false)));
        Assert.Equal(Verdict.Approved, (await asking).Verdict);
        Assert.Equal(CommandRefusals.RequestAlreadyClosed, _files.Facts()[^1].GetProperty("code").GetString());
        Assert.Single(_files.Kinds(), FactKinds.RequestClosed);
    }

    [Fact]
    public async Task An_answer_to_a_question_nobody_asked_is_refused()
    {
        await _desk.AnswerAsync(Answer("1", new PermissionAnswerCommand("nothing", true)));
        Assert.Equal(CommandRefusals.RequestUnknown, _files.Facts()[^1].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_question_the_agent_withdraws_is_closed_and_cannot_be_answered()
    {
        using var agent = new CancellationTokenSource();
        var asking = await AskAsync("call", agent.Token);
        await agent.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal("canceled", _files.Facts()[^1].GetProperty("status").GetString());
        await _desk.AnswerAsync(Answer("1", new PermissionAnswerCommand("call", true)));
        Assert.Equal(CommandRefusals.RequestAlreadyClosed, _files.Facts()[^1].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_second_question_about_the_same_call_is_a_card_of_its_own()
    {
        var first = await AskAsync("call", Token);
        await _desk.AnswerAsync(Answer("1", new PermissionAnswerCommand("call", false)));
        Assert.Equal(Verdict.Denied, (await first).Verdict);
        var second = await AskAsync("call", Token);
        Assert.Equal("call#2", _files.Facts()[^1].GetProperty("id").GetString());
        await _desk.AnswerAsync(Answer("2", new PermissionAnswerCommand("call#2", true)));
        Assert.Equal(Verdict.Approved, (await second).Verdict);
    }

    private async Task<Task<PermissionDecision>> AskAsync(string id, CancellationToken agent)
    {
        var before = _files.Kinds().Count(k => k is FactKinds.RequestOpened);
        var asking = _desk.AskAsync(new PermissionAsk(id, "Bash", RawJson.Parse("{}")), agent);
        await Eventually.TrueAsync(() => _files.Kinds().Count(k => k is FactKinds.RequestOpened) > before, "the request is open", Token);
        return asking;
    }

    private static Command Answer(string id, PermissionAnswerCommand answer) =>
        SessionFiles.Command(CommandKinds.PermissionAnswer, id, JsonSerializer.SerializeToUtf8Bytes(answer, LinkJson.Default.PermissionAnswerCommand));
}
