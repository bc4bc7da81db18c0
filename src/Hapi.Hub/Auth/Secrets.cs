using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Hapi.Hub.Auth;

/// <summary>Random tokens, and how they are kept and compared.</summary>
public static class Secrets
{
    /// <summary>256 random bits as text for headers and links.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is stored of a random token. It has 256 bits of its own: a plain digest is enough.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Takes the same time whatever the texts are.</summary>
    public static bool Same(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(left)), SHA256.HashData(Encoding.UTF8.GetBytes(right)));
}
