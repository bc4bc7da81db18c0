using System.Net;
using Hapi.Hub.Tests.Support;

namespace Hapi.Hub.Tests.Sessions;

/// <summary>Questions to the process: REST → link → REST.</summary>
public sealed class CallTests() : HubTests(StoreKind.Sqlite)
{
    [Fact]
    public async Task A_question_gets_the_answer_of_the_process()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        link.Serve("readFile", p => $$"""{"success":true,"content":"{{p.GetProperty("args").GetProperty("path").GetString()}}"}""");

        var answer = await Hub.GetAsync("/api/sessions/s1/file?path=src/a.cs");

        Assert.Equal("""{"success":true,"content":"src/a.cs"}""", answer.Body.GetRawText());
    }

    [Fact]
    public async Task Many_questions_at_once_get_each_its_own_answer()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        link.Serve("readFile", p => $$"""{"path":"{{p.GetProperty("args").GetProperty("path").GetString()}}"}""");

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Hub.GetAsync($"/api/sessions/s1/file?path={i}")));

        Assert.Equal(Enumerable.Range(0, 64).Select(i => $"{i}"), answers.Select(a => a.Body.GetProperty("path").GetString()));
    }

    [Fact]
    public async Task Who_cannot_answer_is_a_failure_of_its_own_kind_with_200()
    {
        await using (var link = await LinkClient.OpenAsync(Hub, "s1"))
        {
            var unserved = await Hub.GetAsync("/api/sessions/s1/git-status");
            Assert.Equal((HttpStatusCode.OK, false), (unserved.Status, unserved.Body.GetProperty("success").GetBoolean()));
        }

        await TestKit.Eventually.TrueAsync(async () => !(await Hub.GetAsync("/api/sessions/s1")).Body.GetProperty("session").GetProperty("active").GetBoolean(), "the link is gone", Token);
        var disconnected = await Hub.GetAsync("/api/sessions/s1/git-status");
        Assert.Equal((HttpStatusCode.OK, false), (disconnected.Status, disconnected.Body.GetProperty("success").GetBoolean()));
    }

    [Fact]
    public async Task A_hang_up_fails_the_question_at_once()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        var asked = new TaskCompletionSource();
        link.Serve("git-status", _ =>
        {
            asked.SetResult();
            throw new InvalidOperationException("hangs up");
        });

        var asking = Hub.GetAsync("/api/sessions/s1/git-status");
        await asked.Task;
        await link.CutAsync();

        Assert.False((await asking).Body.GetProperty("success").GetBoolean());
    }

    [Theory]
    [InlineData("file")]
    [InlineData("file?path=")]
    [InlineData("git-diff-file?staged=true")]
    public async Task A_question_about_no_path_is_400(string route)
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");

        Assert.Equal((HttpStatusCode.BadRequest, "Invalid file path"), ((await Hub.GetAsync($"/api/sessions/s1/{route}")).Status, (await Hub.GetAsync($"/api/sessions/s1/{route}")).Error));
    }
}
