using System.Globalization;

namespace Hapi.Hub.Http;

/// <summary>Which encodings a client takes. A weight of 0 is a no: looking for the word alone would send what a client refuses.</summary>
internal static class Compression
{
    public static bool AcceptsGzip(HttpRequest request) => Accepts(request, "gzip");

    public static bool Accepts(HttpRequest request, string coding)
    {
        var header = request.Headers.AcceptEncoding.ToString();
        if (header.Length == 0)
        {
            return false;
        }

        double? named = null, any = null;
        foreach (var entry in header.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = entry.Split(';', StringSplitOptions.TrimEntries);
            var weight = parts.Skip(1).FirstOrDefault(p => p.StartsWith("q=", StringComparison.OrdinalIgnoreCase)) is { } q
                && double.TryParse(q[2..], CultureInfo.InvariantCulture, out var given) ? given : 1;
            if (parts[0].Equals(coding, StringComparison.OrdinalIgnoreCase))
            {
                named = weight;
            }
            else if (parts[0] is "*")
            {
                any = weight;
            }
        }

        return (named ?? any ?? 0) > 0;
    }
}
