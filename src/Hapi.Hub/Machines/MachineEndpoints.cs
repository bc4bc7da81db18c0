using Hapi.Contracts.Api;
using Hapi.Hub.Http;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Machines;

/// <summary>The machines that sessions of a namespace run on.</summary>
internal static class MachineEndpoints
{
    public static void MapMachines(this IEndpointRouteBuilder routes) => routes.MapGet("/api/machines", ListAsync).Produces<MachineList>();

    // A machine is shown active while one of its sessions has a link.
    private static async Task<IResult> ListAsync(HttpContext context, HubReader reader, LiveSessions live)
    {
        var machines = await reader.ReadAsync(sql =>
        {
            var sessions = SessionRows.List(sql, context.Caller().Namespace);
            return MachineRows.List(sql, context.Caller().Namespace).Select(machine =>
            {
                var mine = sessions.Where(s => s.MachineId == machine.Id).ToList();
                var active = mine.Exists(s => SessionViews.IsActive(s, live.Of(s.Id)));
                return SessionViews.Machine(machine, active, mine.Select(s => live.Of(s.Id).SeenAt).Append(machine.UpdatedAt).Max());
            }).ToList();
        }, context.RequestAborted);
        return Bodies.Ok(new MachineList(machines), ApiJson.Default.MachineList);
    }
}
