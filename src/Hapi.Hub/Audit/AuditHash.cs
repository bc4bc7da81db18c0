using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Audit;

/// <summary>
/// The hash of a row: SHA-256 over the word <c>hapi-audit-1</c> and every column but the hash itself, in the order of the record: a number as
/// eight bytes, a text as its length in UTF-8 (four bytes) and its bytes, an absent text as the length -1; all big-endian. So no two
/// different rows have the same bytes.
/// </summary>
internal static class AuditHash
{
    private const string Version = "hapi-audit-1";

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public static string Of(AuditRow row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Text(hash, Version);
        Number(hash, row.Seq);
        Number(hash, row.At);
        foreach (var text in new[]
        {
            row.Namespace, row.SessionId, row.MachineId, row.Kind, row.ActorKind, row.ActorId, row.ActorName, row.Channel, row.Subject, row.Reason, row.Before, row.After, row.Prev,
        })
        {
            Text(hash, text);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Number(IncrementalHash hash, long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        hash.AppendData(bytes);
    }

    private static void Text(IncrementalHash hash, string? value)
    {
        var bytes = value is null ? null : Encoding.UTF8.GetBytes(value);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes?.Length ?? -1);
        hash.AppendData(length);
        hash.AppendData(bytes ?? []);
    }
}
