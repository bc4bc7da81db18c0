using System.Text.RegularExpressions;

namespace Hapi.Architecture.Tests;

/// <summary>A pattern that must not stand in some files, with a line that breaks it: a rule that catches nothing holds nothing.</summary>
/// <param name="Files">Finds the files by their path.</param>
internal sealed record TextRule(string Name, string Pattern, string Files, string Breaks)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public IEnumerable<string> Offences(IEnumerable<SourceFile> tree) =>
        from file in tree
        where Regex.IsMatch(file.Path, Files, RegexOptions.None, s_patience)
        from line in file.Lines.Select((text, i) => (text, number: i + 1))
        where Regex.IsMatch(line.text, Pattern, RegexOptions.None, s_patience)
        select $"{file.Path}:{line.number}: {line.text.Trim()}";

    public override string ToString() => Name;
}
