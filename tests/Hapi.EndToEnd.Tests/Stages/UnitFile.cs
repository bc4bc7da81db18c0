using System.Text;

namespace Hapi.EndToEnd.Tests.Stages;

/// <summary>A systemd unit as systemd reads it (systemd.syntax(7), systemd.service(5)): quotes, escapes, specifiers and dollars resolved.</summary>
internal sealed class UnitFile
{
    private readonly Dictionary<string, List<string>> _service = [];

    public UnitFile(string text)
    {
        var section = "";
        foreach (var line in text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] is not ('#' or ';')))
        {
            if (line is ['[', .. var name, ']'])
            {
                section = name;
            }
            else if (section is "Service")
            {
                var (key, value) = line.Split('=', 2) is [var k, var v] ? (k, v) : throw new FormatException(line);
                (_service.TryGetValue(key, out var values) ? values : _service[key] = []).Add(value);
            }
        }
    }

    /// <summary>The program and its arguments. Only arguments are searched for variables.</summary>
    public IReadOnlyList<string> Command => Words(One("ExecStart")) is [var program, .. var arguments] ? [program, .. arguments.Select(a => a.Replace("$$", "$", StringComparison.Ordinal))] : throw new FormatException("No ExecStart.");

    public IReadOnlyDictionary<string, string> Environment =>
        _service.GetValueOrDefault("Environment", []).SelectMany(Words).Select(w => w.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);

    /// <summary>Without one, systemd ends every process of the unit's control group.</summary>
    public string KillMode => _service.ContainsKey("KillMode") ? One("KillMode") : "control-group";

    public string Restart => _service.ContainsKey("Restart") ? One("Restart") : "no";

    private string One(string key) => _service[key].Single();

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool quoted = false, begun = false;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"':
                    (quoted, begun) = (!quoted, true);
                    break;
                case '\\':
                    word.Append(text[++i]);
                    break;
                case '%':
                    word.Append(text[++i] is '%' ? '%' : throw new FormatException($"A specifier in: {text}"));
                    break;
                case ' ' when !quoted:
                    Add();
                    break;
                case var c:
                    word.Append(c);
                    break;
            }
        }

        Add();
        return words;

        void Add()
        {
            if (begun || word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
                begun = false;
            }
        }
    }
}
