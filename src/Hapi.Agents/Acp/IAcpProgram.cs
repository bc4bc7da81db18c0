using Hapi.Processes;
using Hapi.Rpc;

namespace Hapi.Agents.Acp;

/// <summary>A running agent program and the line to it.</summary>
internal interface IAcpProgram : IAsyncDisposable
{
    IRpcTransport Transport { get; }

    /// <summary>Completes when the program is gone. It never faults.</summary>
    Task<ExitReport> Completion { get; }

    /// <summary>Ends the program, whatever it takes.</summary>
    Task<ExitReport> StopAsync();
}
