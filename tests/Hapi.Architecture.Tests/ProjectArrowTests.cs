using System.Xml.Linq;
using Hapi.TestKit;

namespace Hapi.Architecture.Tests;

/// <summary>A project is a wall: it stands where a wrong reference would hurt.</summary>
public sealed class ProjectArrowTests
{
    private static readonly Dictionary<string, string[]> s_may = new()
    {
        ["Hapi.Contracts"] = [],
        ["Hapi.Rpc"] = [],
        ["Hapi.Processes"] = [],
        ["Hapi.Workspace"] = ["Hapi.Contracts", "Hapi.Processes"],
        ["Hapi.Agents"] = ["Hapi.Contracts", "Hapi.Rpc", "Hapi.Processes"],
        ["Hapi.Link"] = ["Hapi.Contracts", "Hapi.Rpc"],
        ["Hapi.Control"] = ["Hapi.Rpc", "Hapi.Processes"],
        ["Hapi.Session"] = ["Hapi.Agents", "Hapi.Link", "Hapi.Control", "Hapi.Workspace"],
        ["Hapi.Runner"] = ["Hapi.Link", "Hapi.Control", "Hapi.Processes", "Hapi.Workspace"],
        ["Hapi.Hub"] = ["Hapi.Contracts", "Hapi.Rpc"],
        ["Hapi"] = ["Hapi.Hub", "Hapi.Session", "Hapi.Runner"],
    };

    public static TheoryData<string> Projects => [.. s_may.Keys];

    [Fact]
    public void Every_project_of_the_product_has_its_arrows() =>
        Assert.Equal(s_may.Keys.Order(), Directory.EnumerateFiles(SourceTree.At("src"), "*.csproj", SearchOption.AllDirectories).Select(f => Path.GetFileNameWithoutExtension(f)).Order());

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_file_references_only_what_it_may(string project)
    {
        var references = XDocument.Load(SourceTree.At("src", project, $"{project}.csproj")).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));

        Offences.None(references.Except(s_may[project]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_built_assembly_uses_only_what_it_may(string project)
    {
        var uses = Assemblies.Load(project).GetReferencedAssemblies().Select(a => Assemblies.ProjectOf(a.Name!)).OfType<string>();

        Offences.None(uses.Except(Reach(project)));
    }

    [Fact]
    public void A_lock_file_stands_beside_every_project()
    {
        var paths = SourceFiles.All.Select(f => f.Path).ToHashSet();

        Assert.All(paths.Where(p => p.EndsWith(".csproj", StringComparison.Ordinal)), p => Assert.Contains(p[..p.LastIndexOf('/')] + "/packages.lock.json", paths));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var listed = XDocument.Load(SourceTree.At("Hapi.slnx")).Descendants("Project").Select(p => p.Attribute("Path")!.Value);
        var there = SourceFiles.All.Select(f => f.Path).Where(p => p.EndsWith(".csproj", StringComparison.Ordinal));

        Assert.Equal(there.Order(), listed.Order());
    }

    private static IEnumerable<string> Reach(string project) => s_may[project].SelectMany(p => Reach(p).Prepend(p)).Distinct();
}
