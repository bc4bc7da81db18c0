namespace Hapi.Architecture.Tests;

public sealed class TextRuleTests
{
    public static TheoryData<string> Rules => [.. TextRules.All.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_tree_keeps_the_rule(string name) => Offences.None(Rule(name).Offences(SourceFiles.All));

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_rule_catches_who_breaks_it(string name)
    {
        var rule = Rule(name);
        var pathsItCovers = SourceFiles.All.Select(f => f.Path).Concat(["src/Hapi.Hub/X.cs", "tests/Hapi.Hub.Tests/X.cs", "web/package.json", "web/src/x.test.ts"]);

        Assert.NotEmpty(rule.Offences(pathsItCovers.Select(path => new SourceFile(path, rule.Breaks))));
    }

    private static TextRule Rule(string name) => TextRules.All.Single(r => r.Name == name);
}
