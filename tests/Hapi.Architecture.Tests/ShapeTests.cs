using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Hapi.Architecture.Tests;

/// <summary>How files and types are cut.</summary>
public sealed partial class ShapeTests
{
    private const int LongestCSharp = 400;
    private const int LongestTypeScript = 300;

    [Fact]
    public void No_file_does_two_things()
    {
        var tooLong = SourceFiles.CSharp.Where(f => f.LineCount > LongestCSharp).Concat(SourceFiles.TypeScript.Where(f => f.LineCount > LongestTypeScript));

        Offences.None(tooLong.Select(f => $"{f.Path}: {f.LineCount} lines"));
    }

    // A test that runs on several databases is one class a database on one page: they are one test.
    private static IEnumerable<SourceFile> OneTypeFiles => SourceFiles.CSharp.Where(f => !f.Path.StartsWith("tests/Hapi.Hub.Tests/", StringComparison.Ordinal));

    [Fact]
    public void A_file_holds_one_public_type_that_lives() // records and enums that travel together may share a page
    {
        var crowded = from file in OneTypeFiles
                      let types = LivingType().Matches(file.Text).Select(m => m.Groups["name"].Value).Distinct().ToList()
                      where types.Count > 1
                      select $"{file.Path}: {string.Join(", ", types)}";

        Offences.None(crowded);
    }

    [Fact]
    public void A_public_type_that_lives_gives_its_file_the_name()
    {
        var misnamed = from file in OneTypeFiles
                       from type in LivingType().Matches(file.Text).Select(m => m.Groups["name"].Value).Distinct()
                       where type != Path.GetFileNameWithoutExtension(file.Path)
                       select $"{file.Path}: {type}";

        Offences.None(misnamed);
    }

    [Fact]
    public void No_type_is_split_over_files()
    {
        var split = from file in SourceFiles.CSharp
                    from name in PartialType().Matches(file.Text).Select(m => m.Groups["name"].Value).Distinct()
                    group file.Path by (Project: Path.GetDirectoryName(file.Path), name) into parts
                    where parts.Count() > 1
                    select $"{parts.Key.name}: {string.Join(", ", parts)}";

        Offences.None(split);
    }

    [Fact]
    public void No_name_says_nothing()
    {
        var types = Assemblies.Product.SelectMany(Assemblies.WrittenTypes).Select(t => t.Name.Split('`')[0]);
        var parts = SourceFiles.All.Where(f => f.Path.Split('/')[0] is "src" or "tests" or "bench" or "web")
            .SelectMany(f => f.Path.Split('/')).Select(p => p.Split('.')[^(p.Contains('.', StringComparison.Ordinal) ? 2 : 1)]);

        Assert.All(types.Concat(parts).Distinct(), name => Assert.DoesNotMatch(EmptyName(), name));
    }

    [Theory]
    [InlineData("SessionManager")]
    [InlineData("Utils")]
    [InlineData("StringHelpers")]
    [InlineData("BaseAdapter")]
    [InlineData("AdapterBase")]
    [InlineData("common")]
    public void A_name_that_says_nothing_is_caught(string name) => Assert.Matches(EmptyName(), name);

    [Theory]
    [InlineData("Database")]
    [InlineData("CommandDesk")]
    [InlineData("RebaseState")]
    public void A_word_that_only_contains_one_is_not(string name) => Assert.DoesNotMatch(EmptyName(), name);

    [Fact]
    public void A_class_that_nobody_derives_from_is_sealed()
    {
        var all = Assemblies.Product.SelectMany(Assemblies.WrittenTypes).ToList();
        var bases = all.Select(t => t.BaseType).OfType<Type>().Select(t => t.IsGenericType ? t.GetGenericTypeDefinition() : t).ToHashSet();

        Offences.None(all.Where(t => t is { IsClass: true, IsSealed: false, IsAbstract: false } && !bases.Contains(t)).Select(t => t.FullName!));
    }

    [Fact]
    public void A_public_type_that_lives_says_what_it_promises()
    {
        var silent = from assembly in Assemblies.Product
                     where assembly.GetName().Name is not ("Hapi.Contracts" or "hapi")
                     let documented = Documented(assembly)
                     from type in Assemblies.WrittenTypes(assembly)
                     where type.IsPublic && !type.IsEnum && !IsRecord(type) && !documented.Contains($"T:{type.FullName}")
                     select type.FullName!;

        Offences.None(silent);
    }

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null || type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null;

    private static HashSet<string> Documented(Assembly assembly) =>
        [.. XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml")).Descendants("member")
            .Where(m => m.Element("summary") is not null || m.Element("inheritdoc") is not null).Select(m => m.Attribute("name")!.Value)];

    [GeneratedRegex(@"^public\s+(?:(?:static|sealed|abstract|partial|readonly|ref|unsafe)\s+)*(?:class|interface|struct|delegate)\s+(?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex LivingType();

    [GeneratedRegex(@"^\w[\w\s]*\bpartial\s+(?:class|struct|interface|record)\s+(?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex PartialType();

    [GeneratedRegex(@"(?:^|[a-z])(?:Utils?|Utilit(?:y|ies)|Helpers?|Common|Managers?|Base)(?=$|[A-Z])|^(?:utils?|helpers?|common|managers?|base)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EmptyName();
}
