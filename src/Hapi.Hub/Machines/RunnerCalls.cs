using System.Text.Json;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Hub.Sessions;

namespace Hapi.Hub.Machines;

/// <summary>Questions to the runners of machines. Never stored; when nobody can answer, the failure says which kind it is.</summary>
internal sealed class RunnerCalls(LiveMachines live)
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>A worktree is made, an agent started: that takes longer than an answer.</summary>
    public static readonly TimeSpan SpawnDeadline = TimeSpan.FromSeconds(60);

    public Task<CallResult> CallAsync(string machineId, string name, RawJson args, CancellationToken cancellationToken) => CallAsync(machineId, name, args, Deadline, cancellationToken);

    /// <summary>Starts a session process. It never faults, unless the asker gives up: what went wrong is an <c>error</c> with a text for people.</summary>
    public async Task<SpawnResult> SpawnAsync(string machineId, SpawnRequest request, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(machineId, MachineCalls.Spawn, new RawJson(JsonSerializer.SerializeToUtf8Bytes(request, LinkJson.Default.SpawnRequest)), SpawnDeadline, cancellationToken);
        if (answer.Problem is not null)
        {
            return new("error", ErrorMessage: answer.Message, Code: answer.Problem);
        }

        SpawnResult? result = null;
        try
        {
            result = JsonSerializer.Deserialize(answer.Result.Utf8.Span, LinkJson.Default.SpawnResult);
        }
        catch (JsonException)
        {
            // Told below.
        }

        return result switch
        {
            { Type: "success", SessionId.Length: > 0 } => result,
            { Type: "requestToApproveDirectoryCreation", Directory: { } directory } => new("error", Directory: directory, ErrorMessage: $"The directory {directory} does not exist.", Code: "directory_missing"),
            { Type: "error" } => result with { ErrorMessage = result.ErrorMessage ?? "The session could not be started." },
            _ => new("error", ErrorMessage: "The runner gave an answer that this hub does not understand.", Code: "unexpected_answer"),
        };
    }

    private Task<CallResult> CallAsync(string machineId, string name, RawJson args, TimeSpan deadline, CancellationToken cancellationToken) => live.RunnerOf(machineId) is { } runner
        ? CallResult.OfAsync(runner.CallAsync(name, args, deadline, cancellationToken), "The machine", cancellationToken)
        : Task.FromResult(new CallResult(default, CallResult.Disconnected, "The machine's runner is not connected."));
}
