using System.Text;
using System.Text.Json.Nodes;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Audit;

/// <summary>
/// The end of the audit chain inside one transaction: what is added is written with the change it tells of, or not at all.
/// A transaction that adds nothing costs nothing.
/// </summary>
internal sealed class AuditLog(SqlScope sql, long now)
{
    private const int MaxText = 500, MaxDocument = 4096;
    private AuditHead? _stored, _head;

    /// <exception cref="WriteConflictException">Another writer has added a row meanwhile.</exception>
    public void Add(AuditEntry entry)
    {
        _head ??= Read();
        var row = new AuditRow(
            // Never the place of a row that is there, whatever the head says: what was tampered with must show, not stop the hub.
            Math.Max(_head.Seq, AuditRows.Newest(sql)) + 1, now, Clean(entry.Namespace)!, Clean(entry.SessionId), Clean(entry.MachineId), entry.Kind,
            entry.Actor.Kind, Clean(entry.Actor.Id), Clean(entry.Actor.Name), entry.Channel, Clean(entry.Subject), Clean(entry.Reason),
            Document(entry.Before), Document(entry.After), _head.Hash, "");
        row = row with { Hash = AuditHash.Of(row) };
        AuditRows.Insert(sql, row);
        _head = new AuditHead(row.Seq, _head.Rows + 1, row.Hash);
    }

    /// <summary>To be called at the end of the transaction.</summary>
    public void Flush()
    {
        if (_head is not null && _head != _stored)
        {
            AuditRows.MoveHead(sql, _stored, _head);
        }
    }

    private AuditHead Read()
    {
        _stored = AuditRows.Head(sql);
        return _stored ?? AuditHead.Empty;
    }

    // A NUL, or half of a pair, is no text for every database.
    private static string? Clean(string? text)
    {
        if (text is null)
        {
            return null;
        }

        text = text.Length > MaxText ? text[..MaxText] : text;
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\0", "", StringComparison.Ordinal);
    }

    private static string? Document(JsonObject? document)
    {
        if (document is null || document.Count == 0)
        {
            return null;
        }

        var text = JsonObjects.Text(document);
        return text.Length <= MaxDocument ? text : """{"omitted":"too large"}""";
    }
}
