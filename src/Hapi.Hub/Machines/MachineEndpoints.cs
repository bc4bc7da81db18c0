using Hapi.Contracts.Api;
using Hapi.Hub.Http;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Machines;

/// <summary>The machines that sessions of a namespace run on.</summary>
internal static class MachineEndpoints
{
    public static void MapMachines(this IEndpointRouteBuilder routes) => routes.MapGet("/api/machines", ListAsync).Produces<MachineList>();

    // Only those that are there now.
    private static async Task<IResult> ListAsync(HttpContext context, HubReader reader, LiveMachines live)
    {
        var all = await reader.ReadAsync(sql => MachineRows.List(sql, context.Caller().Namespace), context.RequestAborted);
        return Bodies.Ok(new MachineList([.. all.Where(m => live.IsActive(m.Id)).Select(live.View)]), ApiJson.Default.MachineList);
    }
}
