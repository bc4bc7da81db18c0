using Hapi.Contracts.Machines;
using Hapi.Processes;
using Hapi.Workspace.Machines;
using Hapi.Workspace.Worktrees;

namespace Hapi.Runner.Spawns;

/// <summary>Finds the agent and the folder a request names, and makes a worktree when it asks for one.</summary>
internal sealed class SpawnPlaces(IReadOnlyList<LaunchableAgent> agents, SessionFolders folders, WorktreeDesk worktrees, RunnerLog log)
{
    private const string DefaultAgent = "claude";

    public async Task<SpawnPlace> FindAsync(SpawnRequest request, CancellationToken cancellationToken)
    {
        if (agents.FirstOrDefault(a => a.Id == (request.Agent ?? DefaultAgent)) is not { } agent)
        {
            return Refused("agent_unknown", $"There is no agent \"{request.Agent}\" here. This runner starts {string.Join(", ", agents.Select(a => a.Id))}.");
        }

        if (SpawnArguments.Refusal(request, agent) is { } refusal)
        {
            return Refused("start_failed", refusal);
        }

        var worktree = request.SessionType is "worktree";
        var folder = folders.Prepare(request.Directory, mayCreate: !worktree && request.ApprovedNewDirectoryCreation is not false);
        if (folder.Path is not { } path)
        {
            return folder is { Missing: true } && !worktree
                ? new(agent, "", Refusal: new("requestToApproveDirectoryCreation", Directory: request.Directory))
                : Refused(folder.Outside ? "directory_outside_roots" : "directory_invalid", folder.Problem!);
        }

        if (!worktree)
        {
            return new(agent, path);
        }

        var made = await worktrees.CreateAsync(path, request.WorktreeName, cancellationToken);
        return made.Problem is { } problem ? Refused("worktree_failed", problem) : new(agent, made.Path, made);

        SpawnPlace Refused(string code, string message) => new(null, "", Refusal: new("error", ErrorMessage: message, Code: code));
    }

    /// <summary>Removes the worktree of a session that did not come up, when its process is proved to be gone and nothing in it would be lost.</summary>
    public async Task UndoAsync(SpawnPlace place, ProcessIdentity? process)
    {
        if (place.Worktree is not { } worktree)
        {
            return;
        }

        if (process?.IsAlive() == true)
        {
            log.Notice($"The worktree {worktree.Path} stays: a process still runs in it.");
            return;
        }

        var removed = await worktrees.RemoveAsync(new WorktreeRequest(worktree.BasePath, worktree.Path), [], CancellationToken.None);
        log.Line(removed.Success ? $"The worktree {worktree.Path} was removed again." : $"The worktree {worktree.Path} stays: {removed.Error}");
    }
}
