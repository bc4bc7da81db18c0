namespace Hapi.Hub;

/// <summary>How a hub runs. Checked at start; every fault is reported at once.</summary>
public sealed class HubOptions
{
    /// <summary><c>HAPI_HOME</c>: settings, secrets and, by default, the store.</summary>
    public required string Home { get; init; }

    /// <summary>The address to listen on. <c>0.0.0.0</c> is every address of the machine.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>0 takes any free port.</summary>
    public int Port { get; init; } = 3006;

    /// <summary>A SQLite file, or a <c>postgres://</c> address; <see langword="null"/> is <c>hub.db</c> in the home.</summary>
    public string? Store { get; init; }

    /// <summary>Where a reverse proxy shows this hub to browsers.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Further host names that may be used (the machine's own addresses under <c>--lan</c>).</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Other origins whose pages may call the API; <c>*</c> allows all.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>The pause between two sessions that are brought back one after the other.</summary>
    public TimeSpan ReopenPause { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public IEnumerable<string> Faults()
    {
        if (!Path.IsPathFullyQualified(Home))
        {
            yield return $"HAPI_HOME must be an absolute path, not \"{Home}\".";
        }

        if (Port is < 0 or > 65535)
        {
            yield return $"The port must be between 0 and 65535, not {Port}.";
        }

        if (!System.Net.IPAddress.TryParse(Host, out _) && Host is not "localhost")
        {
            yield return $"The host to listen on must be an IP address, not \"{Host}\".";
        }

        if (PublicUrl is { } url && url.Scheme is not ("http" or "https"))
        {
            yield return $"The public URL must begin with http:// or https://, not \"{url}\".";
        }
    }
}
