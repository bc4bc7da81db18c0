using Hapi.Processes;
using Hapi.Rpc;

namespace Hapi.Agents.Acp;

/// <summary>An agent as a child process that speaks ACP on its standard streams.</summary>
internal sealed class AcpProgram : IAcpProgram
{
    /// <summary>Most agents leave when their input ends. codex-acp does not, nor Gemini while it runs an MCP server; and codex-acp's shim keeps SIGTERM to itself.</summary>
    private static readonly StopStep[] s_ladder = [StopStep.CloseInput, StopStep.Terminate, StopStep.KillTree];
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private readonly ChildProcess _child;

    private AcpProgram(ChildProcess child)
    {
        _child = child;
        Transport = new JsonLinesTransport(child.Output, child.Input);
    }

    public IRpcTransport Transport { get; }

    public Task<ExitReport> Completion => _child.Completion;

    /// <exception cref="AgentException">There is no command, no such program, or no such folder.</exception>
    public static AcpProgram Start(AgentStart start, TimeProvider time)
    {
        var command = Command(start);
        if (!Directory.Exists(start.Directory))
        {
            throw new AgentException("agent_not_found", $"The folder {start.Directory} does not exist. Start the session in a folder that does.");
        }

        try
        {
            return new AcpProgram(ChildProcess.Start(new ChildStart(Locate(command[0], start), [.. command.Skip(1)], start.Directory, start.Environment, OwnSession: true), time));
        }
        catch (ProgramNotFoundException ex)
        {
            throw NotFound(ex.Program, ex);
        }
    }

    public Task<ExitReport> StopAsync() => _child.StopAsync(s_ladder, s_patience);

    public ValueTask DisposeAsync() => _child.DisposeAsync();

    private static IReadOnlyList<string> Command(AgentStart start)
    {
        if (start.Flavor is DemoFlavor.Id && start.Command is not { Count: > 0 })
        {
            return start.HapiExecutable is { Count: > 0 } hapi
                ? [.. hapi, DemoFlavor.Subcommand]
                : throw new AgentException("agent_not_found", "The demo agent ships inside hapi, and where hapi lies is not known.");
        }

        return start.Command is { Count: > 0 } command
            ? [.. command, .. start.ExtraArguments ?? []]
            : throw new AgentException("agent_not_found", "No agent was named. Give its command: hapi acp -- <command…>, for example hapi acp -- gemini --acp.");
    }

    /// <summary>Looks where the child would look: along the PATH it is given, and from the session's folder.</summary>
    private static string Locate(string program, AgentStart start)
    {
        var isPath = program.AsSpan().IndexOfAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) >= 0;
        return Executables.Find(isPath ? Path.Combine(start.Directory, program) : program, start.Environment.GetValueOrDefault("PATH"))
            ?? throw NotFound(program, null);
    }

    private static AgentException NotFound(string program, Exception? inner) => new(
        "agent_not_found", $"The program \"{program}\" was not found or cannot be run. Install it, or check the command after \"hapi acp --\".", inner);
}
