using System.Text.Json.Nodes;
using Hapi.Hub.Settings;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Auth;

/// <summary>
/// What an access token opens. The owner's token (from settings, made at the first start) opens the namespace <c>default</c>;
/// a device's token opens the one it was paired for. Knowing one token never opens another namespace.
/// </summary>
internal sealed class AccessTokens(SettingsFile settings, HubReader reader)
{
    public const string SettingsKey = "cliApiToken";
    private string _owner = "";

    /// <summary>Gives whether the owner's token was stored just now, for the first time.</summary>
    public async Task<bool> PrepareAsync(string? fromEnvironment, CancellationToken cancellationToken)
    {
        var created = false;
        var stored = await settings.UpdateAsync(s =>
        {
            if (s[SettingsKey] is null || (s[SettingsKey] is JsonValue v && v.TryGetValue(out string? text) && string.IsNullOrWhiteSpace(text)))
            {
                created = true;
                s[SettingsKey] = fromEnvironment ?? Secrets.NewToken();
            }
        }, cancellationToken);
        _owner = fromEnvironment ?? (stored[SettingsKey] is JsonValue value && value.TryGetValue(out string? token) ? token.Trim() : "");
        if (_owner.Length == 0 || _owner.Contains(':', StringComparison.Ordinal))
        {
            throw new HubStartException("token_invalid", $"The access token ({SettingsKey} in {settings.Path}, or CLI_API_TOKEN) must be a text without \":\".");
        }

        return created;
    }

    /// <summary>A digest that changes with the owner's token: what was signed under another one is void.</summary>
    public string OwnerDigest => Secrets.Hash(_owner);

    public async ValueTask<Identity?> OpenAsync(string? token, CancellationToken cancellationToken)
    {
        token = token?.Trim();
        if (string.IsNullOrEmpty(token) || token.Length > 512)
        {
            return null;
        }

        // "<token>:default" is what clients of the published contract may send for the owner.
        var plain = token.EndsWith(":" + Identity.DefaultNamespace, StringComparison.Ordinal) ? token[..^(Identity.DefaultNamespace.Length + 1)] : token;
        if (Secrets.Same(plain, _owner))
        {
            return new Identity(Identity.DefaultNamespace, null, "owner");
        }

        var device = await reader.ReadAsync(sql => DeviceRows.ByToken(sql, Secrets.Hash(token)), cancellationToken);
        return device is null ? null : new Identity(device.Namespace, device.Id, device.Name);
    }
}
