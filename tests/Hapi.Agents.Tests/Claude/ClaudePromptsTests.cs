using System.Text.Json.Nodes;
using Hapi.Agents.Claude;
using Hapi.TestKit;

namespace Hapi.Agents.Tests.Claude;

public sealed class ClaudePromptsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_picture_travels_in_the_prompt_and_another_file_by_its_path()
    {
        await File.WriteAllBytesAsync(_folder["a.png"], [1, 2, 3], TestContext.Current.CancellationToken);
        var line = await LineAsync("Look", ("a.png", "image/png"), ("b.pdf", "application/pdf"));
        Assert.Equal("id-1", line["uuid"]!.GetValue<string>());
        var content = line["message"]!["content"]!.AsArray();
        Assert.Equal($"@{_folder["b.pdf"]}\n\nLook", content[0]!["text"]!.GetValue<string>());
        Assert.Equal("""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AQID"}}""", content[1]!.ToJsonString());
    }

    [Fact]
    public async Task A_picture_that_cannot_be_sent_is_mentioned()
    {
        await using (var large = File.Create(_folder["large.png"]))
        {
            large.SetLength(5 << 20);
        }

        var line = await LineAsync("", ("gone.png", "image/png"), ("large.png", "image/png"), ("drawing.svg", "image/svg+xml"));
        var only = Assert.Single(line["message"]!["content"]!.AsArray());
        Assert.Equal($"@{_folder["gone.png"]} @{_folder["large.png"]} @{_folder["drawing.svg"]}", only!["text"]!.GetValue<string>());
    }

    private Task<JsonObject> LineAsync(string text, params (string Name, string Mime)[] files) => ClaudePrompts.LineAsync(
        "id-1",
        new AgentPrompt(text, [.. files.Select(file => new PromptAttachment(_folder[file.Name], file.Name, file.Mime, 3))]),
        TestContext.Current.CancellationToken);
}
