using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Control;
using Hapi.Runner.Doors;

namespace Hapi.Runner.State;

/// <summary>
/// <c>HAPI_HOME/runner.state.json</c>, for this user only. Members that we do not know are kept. A file that cannot be read counts as none, and
/// is moved aside before another takes its place.
/// </summary>
public sealed class RunnerStateFile(string home)
{
    private static readonly JsonWriterOptions s_indented = new() { Indented = true };

    public string Path { get; } = System.IO.Path.Combine(home, "runner.state.json");

    /// <summary>Reads without changing anything.</summary>
    public RunnerStateReading Read()
    {
        try
        {
            var state = JsonSerializer.Deserialize(File.ReadAllBytes(Path), RunnerJson.Default.RunnerState);
            return state is { Pid: > 0, Control: not null, Version: not null, HubUrl: not null, MachineId: not null, TokenHash: not null, WorkspaceRoots: not null, Argv: not null, LogPath: not null }
                ? new(state)
                : new(null, $"{Path} is incomplete.");
        }
        catch (Exception ex) when (ex is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(null);
        }
        catch (Exception ex) when (ex is JsonException or IOException or UnauthorizedAccessException)
        {
            return new(null, $"{Path} cannot be read: {ex.Message}");
        }
    }

    /// <summary>Moves a file that cannot be read aside and says so. Only for who holds the lock.</summary>
    public string? SetAsideDamaged(TimeProvider time)
    {
        if (Read().Problem is not { } problem)
        {
            return null;
        }

        var aside = $"{Path}.damaged-{time.GetUtcNow().ToUnixTimeMilliseconds()}";
        File.Move(Path, aside, overwrite: true);
        return $"{problem} It was kept as {aside}.";
    }

    /// <summary>Writes all of it or nothing. Only for who holds the lock.</summary>
    public void Write(RunnerState state)
    {
        var document = Document();
        foreach (var (name, value) in JsonSerializer.SerializeToNode(state, RunnerJson.Default.RunnerState)!.AsObject())
        {
            document[name] = value?.DeepClone();
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, s_indented))
        {
            document.WriteTo(writer);
        }

        PrivateFiles.Write(Path, buffer.ToArray());
    }

    /// <summary>Removes it; one that names another process by now stays.</summary>
    public void Remove(RunnerState state)
    {
        if (Read().State?.Identity == state.Identity)
        {
            File.Delete(Path);
        }
    }

    private JsonObject Document()
    {
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(Path)) as JsonObject ?? [];
        }
        catch (Exception ex) when (ex is JsonException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
