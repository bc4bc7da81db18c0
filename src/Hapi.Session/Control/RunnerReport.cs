using System.Text.Json;
using Hapi.Control;
using Hapi.Processes;
using Hapi.Rpc;

namespace Hapi.Session.Control;

/// <summary>Tells the runner of this home, if one runs, that a session process is there and where its door is.</summary>
internal static class RunnerReport
{
    private static readonly TimeSpan s_within = TimeSpan.FromSeconds(2);

    /// <summary>The file that shows where the runner's door is.</summary>
    public const string StateFile = "runner.state.json";

    /// <summary>It never faults: the session does not depend on a runner, and one that starts later finds it by its state file.</summary>
    public static async Task SendAsync(string home, ProcessState me, IStatusLines lines, TimeProvider time)
    {
        try
        {
            if (DoorOf(Path.Combine(home, StateFile)) is { } door)
            {
                await ControlCall.AskAsync(door, ControlMethods.SessionStarted, me, ControlJson.Default.ProcessState, ControlJson.Default.JsonElement, s_within, time, CancellationToken.None);
            }
        }
        catch (Exception ex) when (ex is IOException or RpcException or OperationCanceledException or JsonException or UnauthorizedAccessException)
        {
            lines.Say($"The runner did not take notice of this session: {ex.Message}");
        }
    }

    // Whatever else the file holds is the runner's business.
    private static string? DoorOf(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement is { ValueKind: JsonValueKind.Object } state
            && state.TryGetProperty("control", out var control) && control.ValueKind is JsonValueKind.String
            && state.TryGetProperty("pid", out var pid) && pid.ValueKind is JsonValueKind.Number && pid.TryGetInt32(out var number)
            && state.TryGetProperty("startTime", out var begun) && begun.ValueKind is JsonValueKind.Number && begun.TryGetInt64(out var startTime)
            && new ProcessIdentity(number, startTime).IsAlive() ? control.GetString() : null;
    }
}
