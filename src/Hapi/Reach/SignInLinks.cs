using System.Text.Json.Nodes;
using Hapi.Hub;
using Hapi.Output;

namespace Hapi.Reach;

/// <summary>The links that sign a browser in: each carries a one-time code in its fragment, which no server and no log ever sees.</summary>
internal sealed class SignInLinks
{
    private SignInLinks(string here, string? phone, IReadOnlyList<string> others) => (Here, Phone, Others) = (here, phone, others);

    /// <summary>For a browser on this machine.</summary>
    public string Here { get; }

    /// <summary>For a phone, when one can reach this hub.</summary>
    public string? Phone { get; }

    /// <summary>Further addresses of this machine, without a code.</summary>
    public IReadOnlyList<string> Others { get; }

    /// <param name="newCode">Makes a code; each link has one of its own, since each works once.</param>
    public static async Task<SignInLinks> CreateAsync(HubOptions options, int port, Func<Task<string>> newCode)
    {
        var addresses = options.PublicUrl is { } url ? [url.ToString().TrimEnd('/')]
            : options.Host is "0.0.0.0" or "::" ? LanAddresses.List().Select(a => $"http://{a}:{port}").ToList()
            : System.Net.IPAddress.TryParse(options.Host, out var host) && !System.Net.IPAddress.IsLoopback(host) ? [$"http://{options.Host}:{port}"]
            : new List<string>();
        var here = $"http://localhost:{port}/#code={await newCode()}";
        return new SignInLinks(here, addresses.Count > 0 ? $"{addresses[0]}/#code={await newCode()}" : null, [.. addresses.Skip(1)]);
    }

    public void Print(Printer output)
    {
        output.Line();
        output.Line($"  On this machine   {Here}");
        if (Phone is { } phone)
        {
            output.Line($"  On your phone     {phone}");
            foreach (var other in Others)
            {
                output.Line($"  or                {other}");
            }

            output.Line();
            foreach (var line in QrPicture.Lines(phone))
            {
                output.Line("    " + line);
            }
        }
        else
        {
            output.Line("  On your phone     start with --lan (same Wi-Fi) or --public-url (anywhere); docs/guide/reach-from-a-phone.md shows how");
        }

        output.Line();
        output.Line("  A link signs one browser in, once, within ten minutes. \"hapi up\" prints new ones.");
        output.Line();
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["url"] = Here[..Here.IndexOf("/#", StringComparison.Ordinal)], ["link"] = Here };
        if (Phone is { } phone)
        {
            json["phoneLink"] = phone;
        }

        return json;
    }
}
