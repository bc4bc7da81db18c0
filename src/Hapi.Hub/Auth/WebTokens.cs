using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hapi.Hub.Settings;

namespace Hapi.Hub.Auth;

/// <summary>
/// The short-lived tokens that clients carry: JWT, HS256 and nothing else, four hours, signed with the hub's secret and the owner's token together.
/// </summary>
internal sealed class WebTokens(string home, AccessTokens tokens, DeviceDoor devices, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(4);
    private const int MaxLength = 4096, SecretLength = 32, MaxRemembered = 1000;
    private static readonly string s_header = Base64Url.EncodeToString("""{"alg":"HS256"}"""u8);
    private readonly ConcurrentDictionary<string, Claims> _verified = new(StringComparer.Ordinal);
    private byte[] _key = [];

    /// <summary>The number by which clients know the owner.</summary>
    public long OwnerId { get; private set; }

    public void Prepare()
    {
        var secret = new byte[SecretLength];
        var text = Load("jwt-secret.json", "secretBase64", () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretLength)));
        if (!Convert.TryFromBase64String(text, secret, out var length) || length != SecretLength)
        {
            throw Damaged("jwt-secret.json", $"does not hold {SecretLength} bytes");
        }

        var owner = Load("owner-id.json", "ownerId", () => RandomNumberGenerator.GetInt32(1, int.MaxValue).ToString(System.Globalization.CultureInfo.InvariantCulture));
        OwnerId = long.TryParse(owner, out var id) && id > 0 ? id : throw Damaged("owner-id.json", "does not hold a positive number");
        _key = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(tokens.OwnerDigest));
    }

    public string Issue(Identity who)
    {
        var now = time.GetUtcNow();
        var payload = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(payload))
        {
            writer.WriteStartObject();
            writer.WriteNumber("uid"u8, OwnerId);
            writer.WriteString("ns"u8, who.Namespace);
            if (who.DeviceId is { } device)
            {
                writer.WriteString("did"u8, device);
            }

            writer.WriteNumber("iat"u8, now.ToUnixTimeSeconds());
            writer.WriteNumber("exp"u8, (now + Lifetime).ToUnixTimeSeconds());
            writer.WriteEndObject();
        }

        var signed = $"{s_header}.{Base64Url.EncodeToString(payload.WrittenSpan)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>Gives who the token is for, or the contract's words for why it is for nobody.</summary>
    public (Identity? Who, string? Problem) Read(string token)
    {
        if (!_verified.TryGetValue(token, out var claims))
        {
            if (Payload(token) is not { } payload)
            {
                return (null, "Invalid token");
            }

            claims = Claims.Of(payload);
            Remember(token, claims);
        }

        if (claims.Expires <= time.GetUtcNow().ToUnixTimeSeconds())
        {
            return (null, "Invalid token");
        }

        return claims switch
        {
            { Namespace: null } => (null, "Invalid token payload"),
            { Device: null } => (new Identity(claims.Namespace, null, "owner"), null),
            _ => devices.NameOf(claims.Device) is { } name ? (new Identity(claims.Namespace, claims.Device, name), null) : (null, "Invalid token"),
        };
    }

    // A client carries one token for hours: its signature is checked once.
    private void Remember(string token, Claims claims)
    {
        if (_verified.Count >= MaxRemembered)
        {
            _verified.Clear();
        }

        _verified[token] = claims;
    }

    // What is signed with our key was written by us: only then is it read.
    private JsonElement? Payload(string token)
    {
        var end = token.LastIndexOf('.');
        if (token.Length > MaxLength || end <= s_header.Length || !token.StartsWith(s_header + ".", StringComparison.Ordinal) || !Ascii.IsValid(token))
        {
            return null;
        }

        Span<byte> given = stackalloc byte[SecretLength], expected = stackalloc byte[SecretLength];
        HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(token[..end]), expected);
        if (token.Length - end - 1 != Base64Url.GetEncodedLength(SecretLength) || !Base64Url.IsValid(token.AsSpan(end + 1))
            || Base64Url.DecodeFromChars(token.AsSpan(end + 1), given) != SecretLength || !CryptographicOperations.FixedTimeEquals(given, expected))
        {
            return null;
        }

        return JsonElement.Parse(Base64Url.DecodeFromChars(token.AsSpan((s_header.Length + 1)..end)));
    }

    private string Load(string file, string member, Func<string> create)
    {
        var path = Path.Combine(home, file);
        if (!File.Exists(path))
        {
            var value = create();
            SettingsFile.WritePrivate(path, Encoding.UTF8.GetBytes(member is "ownerId" ? $$"""{"{{member}}":{{value}}}""" : $$"""{"{{member}}":"{{value}}"}"""));
            return value;
        }

        try
        {
            return JsonElement.Parse(File.ReadAllText(path)).GetProperty(member).ToString();
        }
        catch (Exception ex) when (ex is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Damaged(file, "cannot be read", ex);
        }
    }

    /// <summary>What a signed token says. <c>Namespace</c> is <see langword="null"/> when it lacks what every token has.</summary>
    private sealed record Claims(string? Namespace, string? Device, long Expires)
    {
        public static Claims Of(JsonElement payload) => new(
            payload.TryGetProperty("uid"u8, out var uid) && uid.ValueKind is JsonValueKind.Number ? Text(payload, "ns"u8) : null,
            Text(payload, "did"u8),
            payload.TryGetProperty("exp"u8, out var exp) && exp.ValueKind is JsonValueKind.Number && exp.TryGetInt64(out var seconds) ? seconds : 0);

        private static string? Text(JsonElement payload, ReadOnlySpan<byte> name) =>
            payload.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
    }

    private HubStartException Damaged(string file, string how, Exception? inner = null) =>
        new("secret_damaged", $"{Path.Combine(home, file)} {how}. Remove it to sign everybody out and begin anew.", inner);
}
