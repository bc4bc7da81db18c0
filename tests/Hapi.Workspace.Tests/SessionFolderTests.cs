using Hapi.TestKit;
using Hapi.Workspace.Machines;
using Hapi.Workspace.Paths;

namespace Hapi.Workspace.Tests;

public sealed class SessionFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_link_to_a_folder_is_that_folder_and_one_to_nowhere_is_told_as_that()
    {
        Directory.CreateDirectory(_folder["real"]);
        Directory.CreateSymbolicLink(_folder["link"], _folder["real"]);
        Directory.CreateSymbolicLink(_folder["dangling"], _folder["gone"]);
        Assert.Equal(_folder["real"], Prepare("link").Path);
        var dangling = Prepare("dangling");
        Assert.False(dangling.Missing);
        Assert.Contains("is a link to", dangling.Problem, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["gone"]));
    }

    [Fact]
    public void A_file_is_no_folder_and_none_is_made_below_it()
    {
        File.WriteAllText(_folder["file"], "");
        Assert.Contains("is a file", Prepare("file").Problem, StringComparison.Ordinal);
        Assert.Contains("is a file", Prepare("file/below").Problem, StringComparison.Ordinal);
        Assert.Contains("is a file", Prepare("file/below", mayCreate: false).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_made_only_when_it_may()
    {
        Assert.True(Prepare("a/b", mayCreate: false).Missing);
        Assert.False(Directory.Exists(_folder["a"]));
        Assert.Equal(_folder["a/b"], Prepare("a/b").Path);
        Assert.True(Directory.Exists(_folder["a/b"]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("relative/path")]
    [InlineData("/tmp/\0x")]
    public void What_is_no_absolute_path_is_refused(string? path) => Assert.NotNull(new SessionFolders(new WorkspaceRoots([])).Prepare(path, true).Problem);

    [Theory]
    [InlineData("root", true)]
    [InlineData("root/..child", true)]
    [InlineData("root/new/deeper", true)]
    [InlineData("root/../rooted", false)]
    [InlineData("rooted", false)]
    [InlineData("root/link", false)]
    [InlineData("root/link/new", false)]
    [InlineData("elsewhere/back", true)]
    public void A_place_is_inside_by_where_it_really_is(string path, bool inside)
    {
        Directory.CreateDirectory(_folder["root"]);
        Directory.CreateDirectory(_folder["rooted"]);
        Directory.CreateDirectory(_folder["elsewhere"]);
        Directory.CreateSymbolicLink(_folder["root/link"], _folder["rooted"]);
        Directory.CreateSymbolicLink(_folder["elsewhere/back"], _folder["root"]);
        var folder = new SessionFolders(new WorkspaceRoots([_folder["root"]])).Prepare(_folder[path], true);
        Assert.Equal((inside, !inside), (folder.Path is not null, folder.Outside));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["rooted"]));
    }

    private PreparedFolder Prepare(string name, bool mayCreate = true) => new SessionFolders(new WorkspaceRoots([])).Prepare(_folder[name], mayCreate);
}
