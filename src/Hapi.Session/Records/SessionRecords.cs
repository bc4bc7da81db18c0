using System.Text.Json;
using Hapi.Control;

namespace Hapi.Session.Records;

/// <summary>The records of a home's sessions: <c>HAPI_HOME/sessions/&lt;id&gt;.json</c>, for this user only.</summary>
public sealed class SessionRecords(string home)
{
    private readonly string _folder = Path.Combine(home, "sessions");

    /// <summary>Gives <see langword="null"/> for a session that never ran here, and for a file that cannot be read.</summary>
    public SessionRecord? Find(string sessionId)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(PathOf(sessionId)), RecordJson.Default.SessionRecord);
        }
        catch (Exception ex) when (ex is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Every session that ran here, with when its record was last written.</summary>
    public IReadOnlyList<(SessionRecord Record, DateTimeOffset WrittenAt)> List() =>
    [
        .. (Directory.Exists(_folder) ? Directory.EnumerateFiles(_folder, "*.json") : [])
            .Where(file => Guid.TryParse(Path.GetFileNameWithoutExtension(file), out _))
            .Select(file => (Record: Find(Path.GetFileNameWithoutExtension(file)), WrittenAt: new DateTimeOffset(File.GetLastWriteTimeUtc(file))))
            .Where(r => r.Record is { SessionId: not null, Flavor: not null, Directory: not null })
            .Select(r => (r.Record!, r.WrittenAt)),
    ];

    /// <summary>A session of this id has run here, whether or not its record can still be read.</summary>
    public bool Has(string sessionId) => File.Exists(PathOf(sessionId));

    internal void Write(SessionRecord record) =>
        PrivateFiles.Write(PathOf(record.SessionId), JsonSerializer.SerializeToUtf8Bytes(record, RecordJson.Default.SessionRecord));

    private string PathOf(string sessionId) => Path.Combine(_folder, Guid.Parse(sessionId) + ".json");
}
