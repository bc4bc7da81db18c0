using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Link;
using Hapi.Rpc;

namespace Hapi.Runner.Machines;

/// <summary>Answers what the hub asks of this machine. A runner gets no commands.</summary>
/// <param name="onStop">The hub wants the runner to end; it answers first.</param>
internal sealed class MachineHandler(RunnerActions actions, Action onStop) : ILinkHandler
{
    public Task OnCommandAsync(Command command, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<RawJson?> OnCallAsync(string name, RawJson args, CancellationToken cancellationToken)
    {
        switch (name)
        {
            case MachineCalls.Spawn:
                return Raw(await actions.SpawnAsync(Read(args, LinkJson.Default.SpawnRequest)).WaitAsync(cancellationToken), LinkJson.Default.SpawnResult);
            case MachineCalls.StopSession:
                return Raw(await actions.StopSessionAsync(Read(args, LinkJson.Default.StopSessionRequest), "hub").WaitAsync(cancellationToken), LinkJson.Default.StopSessionResult);
            case MachineCalls.StopRunner:
                onStop();
                return Raw(new StopRunnerResult("The runner is stopping. Its sessions live on."), LinkJson.Default.StopRunnerResult);
            case MachineCalls.ListDirectory:
                return Raw(actions.ListDirectory(Read(args, LinkJson.Default.ListDirectoryRequest)), LinkJson.Default.ListDirectoryResult);
            case MachineCalls.PathExists:
                return Raw(RunnerActions.PathsExist(Read(args, LinkJson.Default.PathExistsRequest)), LinkJson.Default.PathExistsResult);
            case MachineCalls.ListWorktrees:
                return Raw(await actions.ListWorktreesAsync(Read(args, LinkJson.Default.WorktreeRequest), cancellationToken), LinkJson.Default.WorktreeList);
            case MachineCalls.RemoveWorktree:
                return Raw(await actions.RemoveWorktreeAsync(Read(args, LinkJson.Default.WorktreeRequest), cancellationToken), LinkJson.Default.WorktreeResult);
            default:
                return null;
        }
    }

    private static T Read<T>(RawJson args, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(args.Utf8.Span, type) ?? throw new RpcException(RpcException.InvalidParams, "The call needs its arguments.", "invalid_params");
        }
        catch (JsonException)
        {
            throw new RpcException(RpcException.InvalidParams, "The arguments have another shape.", "invalid_params");
        }
    }

    private static RawJson Raw<T>(T value, JsonTypeInfo<T> type) => new(JsonSerializer.SerializeToUtf8Bytes(value, type));
}
