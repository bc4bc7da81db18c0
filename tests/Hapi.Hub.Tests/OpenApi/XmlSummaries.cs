using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Hapi.Hub.Tests.OpenApi;

/// <summary>The summaries of types, from the documentation files beside their assemblies.</summary>
internal sealed partial class XmlSummaries
{
    private readonly Dictionary<string, string> _texts = [];

    /// <summary>Gives a type's summary as one plain line.</summary>
    public string? Of(Type type)
    {
        var assembly = type.Assembly.GetName().Name!;
        if (_texts.TryAdd(assembly, ""))
        {
            foreach (var member in XDocument.Load(Path.Combine(AppContext.BaseDirectory, assembly + ".xml")).Descendants("member"))
            {
                if (member.Element("summary") is { } summary)
                {
                    _texts[member.Attribute("name")!.Value] = Plain(summary);
                }
            }
        }

        return _texts.GetValueOrDefault("T:" + (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.'));
    }

    private static string Plain(XElement summary) => Spaces().Replace(string.Concat(summary.Nodes().Select(node => node switch
    {
        XElement element => element.Attribute("langword")?.Value ?? element.Attribute("cref")?.Value.Split('.')[^1] ?? element.Value,
        XText text => text.Value,
        _ => "",
    })), " ").Trim();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}
