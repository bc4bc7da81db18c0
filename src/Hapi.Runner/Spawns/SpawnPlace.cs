using Hapi.Contracts.Machines;
using Hapi.Workspace.Worktrees;

namespace Hapi.Runner.Spawns;

/// <summary>Where a session will work.</summary>
/// <param name="Agent">Absent only with a refusal.</param>
/// <param name="Worktree">Made for this session.</param>
/// <param name="Refusal">Why it cannot be started.</param>
internal sealed record SpawnPlace(LaunchableAgent? Agent, string Directory, WorktreeMade? Worktree = null, SpawnResult? Refusal = null);
