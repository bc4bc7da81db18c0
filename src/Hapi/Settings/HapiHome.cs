using System.Text.Json.Nodes;
using Hapi.Hub.Auth;
using Hapi.Hub.Settings;

namespace Hapi.Settings;

/// <summary>This user's Hapi: where it keeps its files, which hub it speaks to, and as whom. The environment goes before <c>settings.json</c>.</summary>
internal sealed class HapiHome
{
    public const int DefaultPort = 3006;
    private const string TokenKey = "cliApiToken", MachineKey = "machineId", UrlKey = "apiUrl";

    /// <summary>What opens a hub is nobody's business but ours: no child of ours has these in its environment.</summary>
    public static IReadOnlyList<string> SecretVariables { get; } = ["CLI_API_TOKEN", "HAPI_EXTRA_HEADERS_JSON", "TELEGRAM_BOT_TOKEN"];

    private HapiHome(string folder) => (Folder, Settings) = (folder, new SettingsFile(folder, TimeProvider.System));

    public string Folder { get; }

    public SettingsFile Settings { get; }

    /// <summary>The folder the command was called in, also when a launcher changed it.</summary>
    public static string InvokedDirectory =>
        Variable("HAPI_INVOKED_CWD") is { } given && Path.IsPathFullyQualified(given) ? given : Environment.CurrentDirectory;

    public static string HostName => Variable("HAPI_HOSTNAME") ?? Environment.MachineName;

    public static HapiHome Open()
    {
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var folder = Variable("HAPI_HOME") switch
        {
            null => Path.Combine(user, ".hapi"),
            "~" => user,
            ['~', '/', .. var rest] => Path.Combine(user, rest),
            var given => Path.GetFullPath(given),
        };
        return new HapiHome(folder);
    }

    /// <summary>Which hub, and who said so: <c>env</c>, <c>settings</c> or <c>default</c>.</summary>
    public (Uri Url, string Source) HubUrl()
    {
        var (text, source) = Variable("HAPI_API_URL") is { } variable ? (variable, "env")
            : Settings.Text(UrlKey) is { } setting ? (setting, "settings")
            : Settings.Text("serverUrl") is { } legacy ? (legacy, "settings")
            : ($"http://localhost:{Variable("HAPI_LISTEN_PORT") ?? Plain("listenPort") ?? DefaultPort.ToString(System.Globalization.CultureInfo.InvariantCulture)}", "default");
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? (url, source)
            : throw new CommandException(ExitCodes.BadArguments, "hub_url_invalid", $"The hub's address \"{text}\" is no http:// or https:// address. Mend HAPI_API_URL or {UrlKey} in {Settings.Path}.");
    }

    /// <summary>The access token, and where it comes from: <c>environment</c>, <c>settings file</c> or <c>none</c>.</summary>
    public (string? Token, string Source) Token() =>
        Variable("CLI_API_TOKEN") is { } variable ? (variable, "environment")
        : Settings.Text(TokenKey) is { } setting ? (setting, "settings file")
        : (null, "none");

    /// <summary>The token to speak to the hub with. On a machine that has none yet, whose hub is its own, the owner's token is made now: the hub will take it as its own.</summary>
    public async Task<string> RequireTokenAsync(CancellationToken cancellationToken)
    {
        if (Token().Token is { } known)
        {
            return known;
        }

        if (HubUrl() is { Url.IsLoopback: true, Source: "default" })
        {
            var settings = await Settings.UpdateAsync(s => s[TokenKey] ??= Secrets.NewToken(), cancellationToken);
            return settings[TokenKey]!.GetValue<string>();
        }

        throw new CommandException(ExitCodes.NotSignedIn, "not_signed_in", $"There is no access token for the hub at {HubUrl().Url}. Run \"hapi auth login\", or set CLI_API_TOKEN.");
    }

    public async Task<string> MachineIdAsync(CancellationToken cancellationToken)
    {
        var settings = await Settings.UpdateAsync(s => s[MachineKey] ??= Guid.NewGuid().ToString(), cancellationToken);
        return settings[MachineKey]!.GetValue<string>();
    }

    public string? MachineIdOrNull() => Settings.Text(MachineKey);

    public Task SaveTokenAsync(string token, CancellationToken cancellationToken) => Settings.UpdateAsync(s => s[TokenKey] = token, cancellationToken);

    public Task ForgetAsync(CancellationToken cancellationToken) => Settings.UpdateAsync(
        s =>
        {
            s.Remove(TokenKey);
            s.Remove(MachineKey);
        },
        cancellationToken);

    /// <summary>The value of an environment variable that is set to something.</summary>
    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>The value of a setting that may be a string or a number, as text.</summary>
    public string? Plain(string key) => Settings.Read()[key] is JsonValue value ? value.ToString() : null;
}
