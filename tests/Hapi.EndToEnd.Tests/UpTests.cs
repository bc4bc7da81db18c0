using System.Net;
using System.Text.Json;
using Hapi.EndToEnd.Tests.Stages;
using Hapi.Control;

namespace Hapi.EndToEnd.Tests;

/// <summary><c>hapi up</c>, as a newcomer meets it.</summary>
public sealed class UpTests : IAsyncDisposable
{
    private readonly Stage _stage = new();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task The_link_signs_one_device_in_once_and_the_device_can_be_signed_out()
    {
        var up = Up("--json");
        await up.SaidAsync("\"link\"");
        var code = Code(up);
        using var api = await _stage.ApiAsync();
        var paired = await api.PostAsync("/api/pair", $$"""{"code":"{{code}}","name":"Test phone"}""");
        using (var phone = await HubApi.SignInAsync(_stage.Url, paired.GetProperty("token").GetString()!))
        {
            await phone.UntilAsync("the demo is in the phone's list", async () => (await phone.GetAsync("/api/sessions")).GetProperty("sessions").GetArrayLength() == 1);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await api.TryPostAsync("/api/pair", $$"""{"code":"{{code}}"}""")).Status);

        var (_, devices, _) = await _stage.RunAsync("auth", "devices", "--json");
        var id = Assert.Single(JsonElement.Parse(devices).EnumerateArray()).GetProperty("id").GetString()!;
        Assert.Equal(0, (await _stage.RunAsync("auth", "devices", "revoke", id)).ExitCode);
        await Assert.ThrowsAsync<InvalidOperationException>(() => HubApi.SignInAsync(_stage.Url, paired.GetProperty("token").GetString()!));
    }

    [Fact]
    public async Task A_second_one_attaches_prints_new_links_and_starts_nothing_twice()
    {
        var first = Up("--json");
        await first.SaidAsync("\"link\"");
        await DemoRunsAsync();
        var second = Up("--json");
        Assert.Equal(0, await second.EndedAsync());
        Assert.NotEqual(Code(first), Code(second));
        Assert.Single(new RunningSessions(_stage.HapiHome).List());
        Assert.False(first.HasEnded);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Its_end_ends_the_hub_and_the_demo_as_the_users_act_and_other_sessions_live_on(string signal)
    {
        var up = Up();
        await up.SaidAsync("Hapi is up");
        await DemoRunsAsync();
        var (other, _) = await _stage.DemoAsync();
        await other.SaidAsync("Connected to the hub");
        await up.SignalAsync(signal);
        Assert.Equal(0, await up.EndedAsync());
        Assert.False(other.HasEnded);
        Assert.Equal(other.Identity.Pid, Assert.Single(new RunningSessions(_stage.HapiHome).List()).Pid);

        await _stage.HubAsync();
        using var api = await _stage.ApiAsync();
        var sessions = (await api.GetAsync("/api/sessions")).GetProperty("sessions").EnumerateArray().Select(s => s.GetProperty("metadata")).ToList();
        var ended = Assert.Single(sessions, m => m.GetProperty("lifecycleState").GetString() is "archived");
        Assert.Equal("User terminated", ended.GetProperty("archiveReason").GetString());
    }

    private StagedProgram Up(params string[] more) => _stage.Hapi(["up", "--port", $"{_stage.Port}", .. more]);

    private Task DemoRunsAsync() => TestKit.Eventually.TrueAsync(() => new RunningSessions(_stage.HapiHome).List().Count == 1, "the demo runs", TestContext.Current.CancellationToken);

    private static string Code(StagedProgram up) => JsonElement.Parse(up.Out).GetProperty("link").GetString()!.Split("#code=")[1];
}
