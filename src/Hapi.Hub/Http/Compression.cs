using System.Globalization;

namespace Hapi.Hub.Http;

/// <summary>Whether a client takes gzip. A weight of 0 is a no: looking for the word alone would send gzip to a client that refuses it.</summary>
internal static class Compression
{
    public static bool AcceptsGzip(HttpRequest request)
    {
        double? gzip = null, any = null;
        foreach (var entry in request.Headers.AcceptEncoding.ToString().Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = entry.Split(';', StringSplitOptions.TrimEntries);
            var weight = parts.Skip(1).FirstOrDefault(p => p.StartsWith("q=", StringComparison.OrdinalIgnoreCase)) is { } q
                && double.TryParse(q[2..], CultureInfo.InvariantCulture, out var given) ? given : 1;
            if (parts[0].Equals("gzip", StringComparison.OrdinalIgnoreCase))
            {
                gzip = weight;
            }
            else if (parts[0] is "*")
            {
                any = weight;
            }
        }

        return (gzip ?? any ?? 0) > 0;
    }
}
