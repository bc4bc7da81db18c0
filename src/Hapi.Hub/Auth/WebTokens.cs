using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hapi.Hub.Settings;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hapi.Hub.Auth;

/// <summary>The short-lived tokens that clients carry: HS256, four hours, signed with the hub's secret and the owner's token together.</summary>
internal sealed class WebTokens(string home, AccessTokens tokens, DeviceDoor devices, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(4);
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private SymmetricSecurityKey? _key;
    private long _owner;

    public long OwnerId => _owner;

    public void Prepare()
    {
        var secret = Load("jwt-secret.json", "secretBase64", () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        if (Convert.FromBase64String(secret) is not { Length: 32 } bytes)
        {
            throw new HubStartException("secret_damaged", $"{Path.Combine(home, "jwt-secret.json")} does not hold 32 bytes. Remove it to sign everybody out and begin anew.");
        }

        _owner = long.Parse(Load("owner-id.json", "ownerId", () => RandomNumberGenerator.GetInt32(1, int.MaxValue).ToString(System.Globalization.CultureInfo.InvariantCulture)), System.Globalization.CultureInfo.InvariantCulture);
        _key = new SymmetricSecurityKey(HMACSHA256.HashData(bytes, Encoding.UTF8.GetBytes(tokens.OwnerDigest)));
    }

    public string Issue(Identity who)
    {
        var now = time.GetUtcNow();
        var claims = new Dictionary<string, object> { ["uid"] = _owner, ["ns"] = who.Namespace };
        if (who.DeviceId is { } device)
        {
            claims["did"] = device;
        }

        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims,
            IssuedAt = now.UtcDateTime,
            Expires = (now + Lifetime).UtcDateTime,
            SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>Gives who the token is for, or the contract's words for why it is for nobody.</summary>
    public async ValueTask<(Identity? Who, string? Problem)> ReadAsync(string token)
    {
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = _key,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ValidateIssuer = false,
            ValidateAudience = false,
            ClockSkew = TimeSpan.Zero,
            LifetimeValidator = (_, expires, _, _) => expires > time.GetUtcNow().UtcDateTime,
        });
        if (!result.IsValid)
        {
            return (null, "Invalid token");
        }

        if (!result.Claims.TryGetValue("ns", out var ns) || ns is not string @namespace || !result.Claims.TryGetValue("uid", out var uid) || uid is not (int or long))
        {
            return (null, "Invalid token payload");
        }

        var device = result.Claims.TryGetValue("did", out var did) ? did as string : null;
        if (device is null)
        {
            return (new Identity(@namespace, null, "owner"), null);
        }

        return devices.NameOf(device) is { } name ? (new Identity(@namespace, device, name), null) : (null, "Invalid token");
    }

    private string Load(string file, string member, Func<string> create)
    {
        var path = Path.Combine(home, file);
        if (!File.Exists(path))
        {
            var value = create();
            var json = member is "ownerId" ? $$"""{"{{member}}":{{value}}}""" : $$"""{"{{member}}":"{{value}}"}""";
            SettingsFile.WritePrivate(path, Encoding.UTF8.GetBytes(json));
            return value;
        }

        try
        {
            return JsonElement.Parse(File.ReadAllText(path)).GetProperty(member).ToString();
        }
        catch (Exception ex) when (ex is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new HubStartException("secret_damaged", $"{path} cannot be read. Remove it to begin anew.", ex);
        }
    }
}
