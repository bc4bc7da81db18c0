using System.Text.Json;

namespace Hapi.Control;

/// <summary>
/// Words about ended processes that no runner has taken yet, <c>HAPI_HOME/run/stopped/&lt;session id&gt;.json</c>. The next runner tells them before it
/// tells of deaths, so that what somebody wanted ended is never taken for interrupted.
/// </summary>
public sealed class StopNotes(string home)
{
    private readonly string _folder = Path.Combine(home, "run", "stopped");

    public void Write(StoppedProcess note) => PrivateFiles.Write(PathOf(note), JsonSerializer.SerializeToUtf8Bytes(note, ControlJson.Default.StoppedProcess));

    /// <summary>Those that can be read; others stay where they are.</summary>
    public IReadOnlyList<StoppedProcess> List() => [.. Directory.Exists(_folder) ? Directory.EnumerateFiles(_folder, "*.json").Select(Read).OfType<StoppedProcess>() : []];

    /// <summary>Forgets one that was told.</summary>
    public void Remove(StoppedProcess note) => File.Delete(PathOf(note));

    private string PathOf(StoppedProcess note) => Path.Combine(_folder, Guid.Parse(note.SessionId) + ".json");

    private static StoppedProcess? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), ControlJson.Default.StoppedProcess) is { SessionId: not null } note && Guid.TryParse(note.SessionId, out _) ? note : null;
        }
        catch (Exception ex) when (ex is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
