using System.Text.Json;
using Hapi.EndToEnd.Tests.Stages;

namespace Hapi.EndToEnd.Tests;

/// <summary>Questions to a session about its folder, from REST to the process and back.</summary>
public sealed class WorkspaceTests : IAsyncDisposable
{
    private readonly Stage _stage = new();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_file_of_the_folder_is_read_and_nothing_outside_it()
    {
        await File.WriteAllTextAsync(Path.Combine(_stage.Project, "note.txt"), "hello", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(Path.Combine(_stage.Project, "way-out"), "/etc");
        await _stage.HubAsync();
        var (_, id) = await _stage.DemoAsync();
        using var api = await _stage.ApiAsync();
        await api.ConnectedAsync(id);

        var read = await api.GetAsync($"/api/sessions/{id}/file?path=note.txt");
        Assert.Equal("hello"u8.ToArray(), read.GetProperty("content").GetBytesFromBase64());
        foreach (var outside in new[] { "../../etc/passwd", "/etc/passwd", "way-out/passwd" })
        {
            var refused = await api.GetAsync($"/api/sessions/{id}/file?path={Uri.EscapeDataString(outside)}");
            Assert.Equal(JsonValueKind.False, refused.GetProperty("success").ValueKind);
            Assert.False(refused.TryGetProperty("content", out _));
        }
    }
}
