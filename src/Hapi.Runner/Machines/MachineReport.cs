using System.Text;
using System.Text.Json.Nodes;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Processes;
using Hapi.Runner.Handovers;

namespace Hapi.Runner.Machines;

/// <summary>What the runner says of its machine and of itself. The name a person gave the machine is the hub's and is never among it.</summary>
internal sealed class MachineReport(RunnerOptions options, ExecutableFile executable, RunnerFacts facts, TimeProvider time)
{
    private readonly long _startedAt = time.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly Lock _gate = new();
    private JsonNode? _lastSpawnError;
    private long _installed = executable.StartedAt;

    public long StartedAt => _startedAt;

    /// <summary>The first fact of this generation.</summary>
    public Task OpenAsync() => facts.AppendAsync(new MachineOpened(facts.Now, new MachineIdentity(options.MachineId, Raw(Metadata())), Raw(State("running"))));

    public Task ShuttingDownAsync(string source)
    {
        var state = State("shutting-down");
        state["shutdownRequestedAt"] = facts.Now;
        state["shutdownSource"] = source;
        return facts.AppendAsync(new MachinePatch(facts.Now, null, RunnerState: Raw(state)));
    }

    public Task SpawnFinishedAsync(SpawnResult? failure, ProcessIdentity? process)
    {
        lock (_gate)
        {
            if (failure is null && _lastSpawnError is null)
            {
                return Task.CompletedTask;
            }

            _lastSpawnError = failure is null ? null : new JsonObject { ["message"] = failure.ErrorMessage, ["code"] = failure.Code, ["at"] = facts.Now };
            if (_lastSpawnError is not null && process is { } started)
            {
                _lastSpawnError["pid"] = started.Pid;
            }
        }

        return facts.AppendAsync(new MachinePatch(facts.Now, null, RunnerState: Raw(State("running"))));
    }

    /// <summary>Tells when another executable lies where this one did.</summary>
    public async Task LookAtExecutableAsync()
    {
        var installed = executable.InstalledAt();
        if (installed != _installed)
        {
            _installed = installed;
            await facts.AppendAsync(new MachinePatch(facts.Now, new Dictionary<string, RawJson> { ["installedCliMtimeMs"] = Raw(JsonValue.Create(installed)) }));
        }
    }

    private JsonObject Metadata()
    {
        var metadata = new JsonObject
        {
            ["host"] = options.HostName,
            ["platform"] = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux",
            ["happyCliVersion"] = options.Version,
            ["homeDir"] = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            ["happyHomeDir"] = options.Home,
            ["happyLibDir"] = AppContext.BaseDirectory,
            ["capabilities"] = new JsonArray("stop-runner", "list-worktrees", "remove-worktree"),
            ["startedCliMtimeMs"] = executable.StartedAt,
            ["installedCliMtimeMs"] = executable.InstalledAt(),
            ["supervisedRestart"] = options.Supervised, // always said, so that an old true is cleared
            ["workspaceRoots"] = new JsonArray([.. options.WorkspaceRoots.Select(r => (JsonNode)r)]),
        };
        return metadata;
    }

    private JsonObject State(string status)
    {
        lock (_gate)
        {
            return new JsonObject
            {
                ["status"] = status,
                ["pid"] = Environment.ProcessId,
                ["startedAt"] = _startedAt,
                ["capabilities"] = new JsonObject { ["agentConfigs"] = new JsonArray([.. options.Agents.Select(AgentConfig)]) },
                ["lastSpawnError"] = _lastSpawnError?.DeepClone(),
            };
        }
    }

    private static JsonNode AgentConfig(LaunchableAgent agent) => new JsonObject
    {
        ["flavor"] = agent.Id,
        ["fields"] = new JsonArray([.. agent.Settings.Select(setting => (JsonNode)new JsonObject
        {
            ["id"] = setting, ["section"] = setting, ["kind"] = "select", ["optionSource"] = "static", ["availability"] = "both",
        })]),
    };

    private static RawJson Raw(JsonNode? value) => new(Encoding.UTF8.GetBytes(value?.ToJsonString() ?? "null"));
}
