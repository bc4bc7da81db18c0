using System.Text;
using System.Text.Json;
using Hapi.Contracts;
using Hapi.Processes;

namespace Hapi.Workspace.Tests;

public sealed class WorkspaceCallsTests : IAsyncLifetime
{
    private Repository _repository = null!;
    private WorkspaceCalls _calls = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _repository = await Repository.CreateAsync(Token);
        _calls = new WorkspaceCalls(_repository.Path, TimeProvider.System);
    }

    public ValueTask DisposeAsync()
    {
        _repository.Dispose();
        return default;
    }

    [Fact]
    public async Task A_file_is_read_as_it_is()
    {
        var answer = await AskAsync("readFile", """{"path":"sub/b.txt"}""");

        Assert.True(answer.GetProperty("success").GetBoolean());
        Assert.Equal("bee\n", Encoding.UTF8.GetString(answer.GetProperty("content").GetBytesFromBase64()));
        Assert.Equal(4, answer.GetProperty("size").GetInt64());
        Assert.True(answer.GetProperty("modified").GetInt64() > 1_600_000_000_000);
    }

    [Fact]
    public async Task An_absolute_path_inside_is_as_good()
    {
        var answer = await AskAsync("readFile", $$"""{"path":{{JsonSerializer.Serialize(Path.Combine(_repository.Path, "a.txt"))}}}""");
        Assert.True(answer.GetProperty("success").GetBoolean());
    }

    [Theory]
    [InlineData("../outside/secret.txt")]
    [InlineData("sub/../../outside/secret.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("link-to-file")]
    [InlineData("link-to-folder/secret.txt")]
    [InlineData("link-to-link/secret.txt")]
    [InlineData("sub/relative/secret.txt")]
    [InlineData("../repo-beside/x")]
    [InlineData("circle")]
    [InlineData("a\\u0000b")]
    public async Task Nothing_outside_is_shown_through_whatever_path(string path)
    {
        File.CreateSymbolicLink(Path.Combine(_repository.Path, "link-to-file"), Path.Combine(_repository.Outside, "secret.txt"));
        Directory.CreateSymbolicLink(Path.Combine(_repository.Path, "link-to-folder"), _repository.Outside);
        Directory.CreateSymbolicLink(Path.Combine(_repository.Path, "link-to-link"), "link-to-folder");
        Directory.CreateSymbolicLink(Path.Combine(_repository.Path, "sub", "relative"), "../../outside");
        File.CreateSymbolicLink(Path.Combine(_repository.Path, "circle"), "circle");
        Directory.CreateDirectory(_repository.Path + "-beside");
        await File.WriteAllTextAsync(_repository.Path + "-beside/x", "neighbour", Token);

        foreach (var (name, args) in new[]
        {
            ("readFile", $$"""{"path":"{{path}}"}"""), ("listDirectory", $$"""{"path":"{{path}}"}"""), ("statFiles", $$"""{"paths":["a.txt","{{path}}"]}"""),
            ("git-status", $$"""{"cwd":"{{path}}"}"""), ("git-diff-numstat", $$"""{"cwd":"{{path}}"}"""),
        })
        {
            var answer = await AskAsync(name, args);
            Assert.False(answer.GetProperty("success").GetBoolean(), $"{name} {answer}");
            Assert.DoesNotContain("secret\"", answer.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_link_that_stays_inside_is_followed()
    {
        File.CreateSymbolicLink(Path.Combine(_repository.Path, "inner"), Path.Combine(_repository.Path, "a.txt"));
        Assert.True((await AskAsync("readFile", """{"path":"inner"}""")).GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task A_root_that_is_a_link_itself_is_where_it_leads()
    {
        var link = _repository.Path + "-link";
        Directory.CreateSymbolicLink(link, _repository.Path);
        var answer = await new WorkspaceCalls(link, TimeProvider.System).HandleAsync("readFile", RawJson.Parse("""{"path":"a.txt"}"""), Token);
        Assert.True(answer!.Value.ToElement().GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task A_folder_is_listed_folders_first_and_links_are_not_followed()
    {
        _repository.Write(".hidden", "x");
        File.CreateSymbolicLink(Path.Combine(_repository.Path, "Z-link"), _repository.Outside);
        _repository.Write("Bee.txt", "12345");

        var entries = (await AskAsync("listDirectory", """{"path":""}""")).GetProperty("entries").EnumerateArray()
            .Select(e => (e.GetProperty("name").GetString(), e.GetProperty("type").GetString(), e.TryGetProperty("size", out var size) ? size.GetInt64() : -1)).ToList();

        Assert.Equal([(".git", "directory", -1), ("sub", "directory", -1), (".hidden", "file", 1), ("a.txt", "file", 8), ("Bee.txt", "file", 5), ("Z-link", "other", -1)], entries);
    }

    [Fact]
    public async Task A_pipe_is_no_file_and_waits_for_nobody()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes are told apart on Linux.");
        await using (var mkfifo = ChildProcess.Start(new ChildStart("mkfifo", [Path.Combine(_repository.Path, "pipe")])))
        {
            await mkfifo.Completion;
        }

        Assert.False((await AskAsync("readFile", """{"path":"pipe"}""").WaitAsync(TimeSpan.FromSeconds(10), Token)).GetProperty("success").GetBoolean());
        var listed = (await AskAsync("listDirectory", "{}").WaitAsync(TimeSpan.FromSeconds(10), Token)).GetProperty("entries").EnumerateArray();
        Assert.Equal("other", listed.Single(e => e.GetProperty("name").GetString() is "pipe").GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("readFile", """{"path":"sub"}""")]
    [InlineData("readFile", """{"path":"not-there"}""")]
    [InlineData("readFile", """{}""")]
    [InlineData("readFile", """{"path":5}""")]
    [InlineData("readFile", """null""")]
    [InlineData("readFile", """[]""")]
    [InlineData("listDirectory", """{"path":"a.txt"}""")]
    [InlineData("listDirectory", """{"path":"not-there"}""")]
    [InlineData("statFiles", """{}""")]
    [InlineData("statFiles", """{"paths":[null]}""")]
    [InlineData("git-status", """{"cwd":"not-there"}""")]
    [InlineData("git-diff-file", """{}""")]
    [InlineData("git-diff-file", """{"filePath":"../outside/secret.txt"}""")]
    public async Task What_cannot_be_answered_is_told_in_a_sentence(string name, string args)
    {
        var answer = await AskAsync(name, args);
        Assert.False(answer.GetProperty("success").GetBoolean());
        Assert.NotEqual("", answer.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_file_too_large_for_the_link_is_refused_and_the_largest_fits()
    {
        await File.WriteAllBytesAsync(Path.Combine(_repository.Path, "large"), new byte[Files.FileCalls.MaxFileBytes], Token);
        await File.WriteAllBytesAsync(Path.Combine(_repository.Path, "larger"), new byte[Files.FileCalls.MaxFileBytes + 1], Token);

        Assert.True((await AskAsync("readFile", """{"path":"large"}""")).GetRawText().Length < Contracts.Link.LinkLimits.MaxFrameBytes - 4096);
        Assert.Contains("too large", (await AskAsync("readFile", """{"path":"larger"}""")).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_measured_together_and_one_that_is_gone_has_its_path_only()
    {
        var entries = (await AskAsync("statFiles", """{"paths":["a.txt","gone.txt"]}""")).GetProperty("entries");

        Assert.Equal(("a.txt", 8), (entries[0].GetProperty("path").GetString(), entries[0].GetProperty("size").GetInt64()));
        Assert.Equal("""{"path":"gone.txt"}""", entries[1].GetRawText());
        Assert.False((await AskAsync("statFiles", $$"""{"paths":[{{string.Join(',', Enumerable.Repeat("\"a\"", 501))}}]}""")).GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task Gits_status_names_the_branch_and_every_change()
    {
        _repository.Write("a.txt", "one\nTWO\n");
        _repository.Write("new/ünï.txt", "x");

        var answer = await AskAsync("git-status", "{}");

        Assert.True(answer.GetProperty("success").GetBoolean());
        Assert.Equal(0, answer.GetProperty("exitCode").GetInt32());
        var lines = answer.GetProperty("stdout").GetString()!.Split('\n');
        Assert.Contains("# branch.head main", lines);
        Assert.Contains(lines, l => l.StartsWith("1 .M", StringComparison.Ordinal) && l.EndsWith("a.txt", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("? ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Changed_lines_are_counted_and_shown_on_each_side_of_the_index()
    {
        _repository.Write("a.txt", "one\nTWO\n");
        await _repository.GitAsync(Token, "add", "a.txt");
        _repository.Write("a.txt", "one\nTWO\nthree\n");

        Assert.Equal("1\t0\ta.txt\n", Stdout(await AskAsync("git-diff-numstat", """{"staged":false}""")));
        Assert.Equal("1\t1\ta.txt\n", Stdout(await AskAsync("git-diff-numstat", """{"staged":true}""")));
        Assert.Contains("+three", Stdout(await AskAsync("git-diff-file", """{"filePath":"a.txt"}""")), StringComparison.Ordinal);
        Assert.Contains("-two\n+TWO", Stdout(await AskAsync("git-diff-file", """{"filePath":"a.txt","staged":true}""")), StringComparison.Ordinal);
        Assert.Equal("", Stdout(await AskAsync("git-diff-file", """{"filePath":"sub/b.txt"}""")));
    }

    [Fact]
    public async Task A_deleted_file_and_a_link_can_be_compared()
    {
        File.Delete(Path.Combine(_repository.Path, "sub/b.txt"));
        File.Delete(Path.Combine(_repository.Path, "a.txt"));
        File.CreateSymbolicLink(Path.Combine(_repository.Path, "a.txt"), _repository.Outside);

        Assert.Contains("-bee", Stdout(await AskAsync("git-diff-file", """{"filePath":"sub/b.txt"}""")), StringComparison.Ordinal);
        var link = Stdout(await AskAsync("git-diff-file", """{"filePath":"a.txt"}"""));
        Assert.Contains("new file mode 120000", link, StringComparison.Ordinal);
        Assert.DoesNotContain("+secret", link, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-a")]
    [InlineData("*.txt")]
    [InlineData(":(top)a.txt")]
    public async Task A_name_is_a_name_and_never_an_option_or_a_pattern(string name)
    {
        _repository.Write("a.txt", "changed\n");
        var answer = await AskAsync("git-diff-file", $$"""{"filePath":{{JsonSerializer.Serialize(name)}}}""");
        Assert.Equal("", Stdout(answer));
    }

    [Fact]
    public async Task A_folder_without_git_is_told_in_gits_words()
    {
        var answer = await new WorkspaceCalls(_repository.Outside, TimeProvider.System).HandleAsync("git-status", default, Token);

        Assert.Equal(128, answer!.Value.ToElement().GetProperty("exitCode").GetInt32());
        Assert.Contains("not a git repository", answer.Value.ToElement().GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_diff_that_never_ends_is_cut_after_a_line()
    {
        _repository.Write("a.txt", string.Concat(Enumerable.Range(0, 200_000).Select(i => $"line {i}\n")));

        var answer = await AskAsync("git-diff-file", """{"filePath":"a.txt"}""");

        Assert.True(answer.GetProperty("truncated").GetBoolean());
        Assert.EndsWith("\n", Stdout(answer), StringComparison.Ordinal);
        Assert.InRange(Stdout(answer).Length, 500_000, Git.GitCommand.MaxOutputBytes);
    }

    [Fact]
    public async Task A_repository_starts_no_program_of_its_own()
    {
        var proof = Path.Combine(_repository.Outside, "ran");
        await _repository.GitAsync(Token, "config", "core.fsmonitor", $"touch {proof}");
        await _repository.GitAsync(Token, "config", "diff.external", $"touch {proof}");
        _repository.Write("a.txt", "changed\n");
        File.Delete(proof);

        foreach (var (name, args) in new[] { ("git-status", "{}"), ("git-diff-numstat", "{}"), ("git-diff-file", """{"filePath":"a.txt"}""") })
        {
            Assert.True((await AskAsync(name, args)).GetProperty("success").GetBoolean());
        }

        Assert.False(File.Exists(proof));
    }

    [Fact]
    public async Task A_caller_that_gives_up_gets_no_answer()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _calls.HandleAsync("git-status", default, gone.Token));
    }

    [Fact]
    public async Task Another_name_is_not_answered() => Assert.Null(await _calls.HandleAsync("bash", RawJson.Parse("{}"), Token));

    private static string Stdout(JsonElement answer) => answer.GetProperty("stdout").GetString()!;

    private async Task<JsonElement> AskAsync(string name, string args) => (await _calls.HandleAsync(name, RawJson.Parse(args), Token))!.Value.ToElement();
}
