using System.Globalization;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Audit;

/// <summary>What a request asks of the audit. <c>Bad</c> names the first value that cannot be meant.</summary>
internal sealed class AuditQuery
{
    private const int DefaultLimit = 50, MaxLimit = 200, MaxText = 200;
    private readonly IQueryCollection _query;

    public AuditQuery(IQueryCollection query)
    {
        _query = query;
        Before = Number("before", 1, long.MaxValue) ?? long.MaxValue;
        Limit = (int)(Number("limit", 1, MaxLimit) ?? DefaultLimit);
        Filter = new AuditFilter(null, Text("session"), Kind(), Text("actor"), Number("from", 0, long.MaxValue), Number("to", 0, long.MaxValue));
        if (Filter.From > Filter.To)
        {
            Bad ??= "to";
        }
    }

    public long Before { get; }

    public int Limit { get; }

    public AuditFilter Filter { get; }

    public string? Bad { get; private set; }

    private long? Number(string name, long min, long max)
    {
        if (!_query.TryGetValue(name, out var given))
        {
            return null;
        }

        if (given is [{ } text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }

        Bad ??= name;
        return null;
    }

    private string? Text(string name)
    {
        if (!_query.TryGetValue(name, out var given))
        {
            return null;
        }

        // A NUL is no text for every database.
        if (given is [{ Length: > 0 and <= MaxText } text] && !text.Contains('\0', StringComparison.Ordinal))
        {
            return text;
        }

        Bad ??= name;
        return null;
    }

    private string? Kind()
    {
        if (Text("kind") is not { } kind)
        {
            return null;
        }

        if (kind.All(c => char.IsAsciiLetterLower(c) || c is '.' or '_') && char.IsAsciiLetterLower(kind[0]))
        {
            return kind;
        }

        Bad ??= "kind";
        return null;
    }
}
