using System.Net;

namespace Hapi.Hub.Http;

/// <summary>The names this hub answers to, and the origins whose pages may call it.</summary>
internal sealed class HostList(HubOptions options)
{
    private readonly HashSet<string> _hosts = new(
        ["localhost", "127.0.0.1", "[::1]", "::1", .. options.AllowedHosts, .. options.PublicUrl is { } url ? new[] { url.Host } : []], StringComparer.OrdinalIgnoreCase);

    public bool AllowsHost(HostString host) => host.HasValue && (_hosts.Contains(host.Host)
        || (IPAddress.TryParse(host.Host, out var address) && IPAddress.IsLoopback(address)));

    /// <summary>A page of this hub itself, of its public address, or of a configured origin.</summary>
    public bool AllowsOrigin(string origin, HttpRequest request)
    {
        if (options.CorsOrigins.Contains("*") || options.CorsOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase))
        {
            return true;
        }

        if (!Uri.TryCreate(origin, UriKind.Absolute, out var from))
        {
            return false;
        }

        var authority = from.IsDefaultPort ? from.Host : $"{from.Host}:{from.Port}";
        return string.Equals(authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
            || (options.PublicUrl is { } url && Uri.Compare(from, url, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0);
    }

    /// <summary>Origins other than the hub's own, which need the cross-origin headers.</summary>
    public bool IsForeign(string origin) =>
        options.CorsOrigins.Contains("*") || options.CorsOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);
}
