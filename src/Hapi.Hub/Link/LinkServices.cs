using Hapi.Hub.Events;
using Hapi.Hub.Machines;
using Hapi.Hub.Reopens;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Link;

/// <summary>What every link of the hub shares.</summary>
internal sealed record LinkServices(
    HubReader Reader, HubWriter Writer, FactIntake Intake, SessionEdits Edits, LiveSessions Live, LiveMachines Machines, EventFeed Feed, EventIds Ids, LinkRegistry Links, InterruptedReopens Reopens, TimeProvider Time)
{
    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public static string Version { get; } = typeof(LinkServices).Assembly.GetName().Version!.ToString(3);
}
