using System.Text.Json;
using Hapi.Processes;

namespace Hapi.Doctor;

/// <summary><c>HAPI_HOME/runner.state.json</c>, read without believing it.</summary>
/// <param name="Process">Who wrote it; <see langword="null"/> unless it has our shape.</param>
/// <param name="Control">The address of the runner's door.</param>
internal sealed record RunnerFile(RunnerFileKind Kind, ProcessIdentity? Process = null, string? Control = null, string? Version = null)
{
    public bool IsAlive => Process is { } process && process.IsAlive();

    public static string PathIn(string home) => Path.Combine(home, "runner.state.json");

    public static RunnerFile Read(string home)
    {
        try
        {
            var state = JsonElement.Parse(File.ReadAllBytes(PathIn(home)));
            return state.ValueKind is not JsonValueKind.Object ? new RunnerFile(RunnerFileKind.Damaged)
                : Number(state, "pid") is { } pid && Number(state, "startTime") is { } start && Text(state, "control") is { } control
                    ? new RunnerFile(RunnerFileKind.Ours, new ProcessIdentity((int)pid, start), control, Text(state, "version"))
                : state.TryGetProperty("httpPort", out _) || state.TryGetProperty("startedWithCliVersion", out _) ? new RunnerFile(RunnerFileKind.Upstream, Version: Text(state, "startedWithCliVersion"))
                : new RunnerFile(RunnerFileKind.Damaged);
        }
        catch (Exception ex) when (ex is FileNotFoundException or DirectoryNotFoundException)
        {
            return new RunnerFile(RunnerFileKind.Missing);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or JsonException)
        {
            return new RunnerFile(RunnerFileKind.Damaged);
        }
    }

    private static long? Number(JsonElement state, string key) => state.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private static string? Text(JsonElement state, string key) => state.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
