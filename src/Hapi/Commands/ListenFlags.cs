using System.CommandLine;
using System.Globalization;
using Hapi.Hub;
using Hapi.Reach;
using Hapi.Settings;

namespace Hapi.Commands;

/// <summary>Where a hub listens and under which names: flags, then environment, then settings, then loopback.</summary>
internal sealed class ListenFlags
{
    private readonly Option<string> _host = new("--host") { Description = "The address to listen on (default 127.0.0.1)." };
    private readonly Option<string> _port = new("--port") { Description = "The port to listen on (default 3006)." };
    private readonly Option<bool> _lan = new("--lan") { Description = "Listen on this machine's network addresses, for a phone in the same network." };
    private readonly Option<string> _publicUrl = new("--public-url") { Description = "The address a reverse proxy or Tailscale Serve shows this hub under." };
    private readonly Option<string> _store = new("--store") { Description = "A SQLite file, or a postgres:// address (default hub.db in HAPI_HOME)." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _lan, _publicUrl, _port, _host, _store })
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="CommandException">A value cannot be.</exception>
    public HubOptions Read(ParseResult parsed, HapiHome home)
    {
        var lan = parsed.GetValue(_lan);
        var publicUrl = parsed.GetValue(_publicUrl) ?? HapiHome.Variable("HAPI_PUBLIC_URL") ?? home.Settings.Text("publicUrl");
        Uri? url = null;
        if (publicUrl is not null && (!Uri.TryCreate(publicUrl, UriKind.Absolute, out url) || url.Scheme is not ("http" or "https")))
        {
            throw new CommandException(ExitCodes.BadArguments, "bad_arguments", $"--public-url must begin with http:// or https://, not \"{publicUrl}\".");
        }

        var origins = HapiHome.Variable("CORS_ORIGINS")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        return new HubOptions
        {
            Home = home.Folder,
            Host = parsed.GetValue(_host) ?? (lan ? "0.0.0.0" : HapiHome.Variable("HAPI_LISTEN_HOST") ?? home.Settings.Text("listenHost") ?? "127.0.0.1"),
            Port = parsed.GetValue(_port) is { } flag ? Port(flag, "--port takes a number from 0 to 65535.")
                : Port(HapiHome.Variable("HAPI_LISTEN_PORT") ?? home.Plain("listenPort"), "Mend HAPI_LISTEN_PORT or listenPort in settings.json."),
            Store = parsed.GetValue(_store) ?? HapiHome.Variable("HAPI_STORE"),
            PublicUrl = url,
            AllowedHosts = lan ? [.. LanAddresses.List(), HapiHome.HostName, HapiHome.HostName + ".local"] : [],
            CorsOrigins = origins,
        };
    }

    /// <summary>The flags that were given, as they would be given again.</summary>
    public IReadOnlyList<string> Given(ParseResult parsed)
    {
        var store = parsed.GetValue(_store) is { } file && !file.Contains("://", StringComparison.Ordinal) ? Path.GetFullPath(file) : parsed.GetValue(_store);
        var given = new List<string>();
        foreach (var (option, value) in new (Option Option, string? Value)[] { (_host, parsed.GetValue(_host)), (_port, parsed.GetValue(_port)), (_publicUrl, parsed.GetValue(_publicUrl)), (_store, store) })
        {
            if (value is not null)
            {
                given.AddRange([option.Name, value]);
            }
        }

        return parsed.GetValue(_lan) ? [.. given, _lan.Name] : given;
    }

    /// <summary>A public address, once given, is remembered: links must not change their host from start to start.</summary>
    public async Task RememberAsync(ParseResult parsed, HapiHome home, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_publicUrl) is { } url && home.Settings.Text("publicUrl") != url)
        {
            await home.Settings.UpdateAsync(s => s["publicUrl"] = url, cancellationToken);
        }
    }

    private static int Port(string? text, string advice) =>
        text is null ? HapiHome.DefaultPort
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535 ? port
        : throw new CommandException(ExitCodes.BadArguments, "bad_arguments", $"\"{text}\" is no port. {advice}");
}
