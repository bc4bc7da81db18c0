using Hapi.Contracts.Machines;
using Hapi.Rpc;
using Hapi.Runner.Sessions;
using Hapi.Runner.Spawns;
using Hapi.Workspace.Machines;
using Hapi.Workspace.Worktrees;

namespace Hapi.Runner.Machines;

/// <summary>What can be asked of the runner, whether it is asked at its door or by the hub.</summary>
internal sealed class RunnerActions(SpawnDesk spawns, StopDesk stops, SessionRoster roster, MachineFolders folders, WorktreeDesk worktrees)
{
    private const int MaxBy = 200;

    public IReadOnlyList<string> DirectoriesInUse => [.. roster.Live.Select(s => s.Directory), .. spawns.Directories];

    public async Task<SpawnResult> SpawnAsync(SpawnRequest request) => string.IsNullOrWhiteSpace(request.Directory)
        ? new("error", ErrorMessage: "Directory is required", Code: "directory_invalid")
        : await spawns.SpawnAsync(request);

    /// <exception cref="RpcException">The id is none.</exception>
    public async Task<StopSessionResult> StopSessionAsync(StopSessionRequest request, string defaultBy)
    {
        if (!Guid.TryParse(request.SessionId, out var id))
        {
            throw new RpcException(RpcException.InvalidParams, $"\"{request.SessionId}\" is no session id.", "session_id_invalid");
        }

        var by = request.By is { Length: > 0 and <= MaxBy } given ? given : defaultBy;
        return await stops.StopAsync(id.ToString(), by, spawns.Find(id.ToString()));
    }

    public ListDirectoryResult ListDirectory(ListDirectoryRequest request) => folders.List(request);

    /// <exception cref="RpcException">Too many.</exception>
    public static PathExistsResult PathsExist(PathExistsRequest request)
    {
        try
        {
            return request.Paths is { } paths && !paths.Contains(null!) ? MachineFolders.Exist(request) : throw new RpcException(RpcException.InvalidParams, "paths is required.", "invalid_params");
        }
        catch (ArgumentException ex)
        {
            throw new RpcException(RpcException.InvalidParams, ex.Message, "too_many_paths");
        }
    }

    public Task<WorktreeList> ListWorktreesAsync(WorktreeRequest request, CancellationToken cancellationToken) => worktrees.ListAsync(request.Directory, DirectoriesInUse, cancellationToken);

    public Task<WorktreeResult> RemoveWorktreeAsync(WorktreeRequest request, CancellationToken cancellationToken) => worktrees.RemoveAsync(request, DirectoriesInUse, cancellationToken);
}
