using System.Text.RegularExpressions;
using Hapi.TestKit;

namespace Hapi.Architecture.Tests;

public sealed partial class DocumentTests
{
    private const int LongestAgentsPage = 80;
    private static readonly string[] s_headings = ["# ", "Status: ", "## Context", "## Decision", "## Consequences"];

    public static TheoryData<string> Decisions =>
        [.. Directory.EnumerateFiles(SourceTree.At("docs", "decisions"), "*.md").Select(f => Path.GetFileName(f)).Where(f => char.IsAsciiDigit(f[0])).Order()];

    [Theory]
    [MemberData(nameof(Decisions))]
    public void A_decision_has_status_context_decision_and_consequences(string file)
    {
        var lines = File.ReadAllLines(SourceTree.At("docs", "decisions", file));
        var places = s_headings.Select(h => Array.FindIndex(lines, l => l.StartsWith(h, StringComparison.Ordinal))).ToList();

        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public void Decisions_are_numbered_without_a_gap()
    {
        var numbers = Decisions.Select(d => int.Parse(d.Data[..4])).ToList();

        Assert.Equal(Enumerable.Range(1, numbers.Count), numbers);
    }

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var dead = from page in SourceFiles.All
                   where page.Path.EndsWith(".md", StringComparison.Ordinal)
                   from link in Link().Matches(page.Text).Select(m => m.Groups["to"].Value)
                   let target = Path.GetFullPath(Path.Combine(SourceTree.Root, Path.GetDirectoryName(page.Path)!, link))
                   where !File.Exists(target) && !Directory.Exists(target)
                   select $"{page.Path}: {link}";

        Offences.None(dead);
    }

    [Fact]
    public void What_an_agent_is_told_about_the_tree_stays_short() =>
        Offences.None(SourceFiles.All.Where(f => Path.GetFileName(f.Path) is "AGENTS.md" && f.LineCount >= LongestAgentsPage).Select(f => f.Path));

    [GeneratedRegex(@"\]\((?!https?:|#|mailto:)(?<to>[^)#\s]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Link();
}
