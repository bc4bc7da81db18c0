using System.Text.Json;
using Hapi.Contracts;
using Hapi.Contracts.Api;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Hub.Audit;
using Hapi.Hub.Http;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Machines;

/// <summary>The machines that sessions of a namespace run on, and what their runners are asked.</summary>
internal static class MachineEndpoints
{
    private const int MaxName = 64, MaxPath = 4_096, MaxPaths = 1_000;

    public static void MapMachines(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/machines", ListAsync).Produces<MachineList>();
        var machine = routes.MapGroup("/api/machines/{id}").ForMachine();
        machine.MapPatch("", RenameAsync).Reads<RenameMachineRequest>().Produces<Done>().Produces<ApiError>(400).Produces<ApiError>(409);
        machine.MapPost("/spawn", SpawnEndpoint.SpawnAsync).Reads<SpawnSessionRequest>().Produces<SpawnSessionResponse>().Produces<InvalidBody>(400);
        machine.MapPost("/list-directory", ListDirectoryAsync).Reads<ListDirectoryRequest>().Produces<ListDirectoryResult>().Produces<ApiError>(400).Produces<ApiError>(503);
        machine.MapPost("/paths/exists", PathsExistAsync).Reads<PathsRequest>().Produces<PathExistsResult>().Produces<ApiError>(400).Produces<ApiError>(503);
        machine.MapGet("/worktrees", ListWorktreesAsync).Produces<WorktreeList>().Produces<ApiError>(400).Produces<ApiError>(503).WithMetadata(new QueryValue("directory", "string"));
        machine.MapDelete("/worktrees", RemoveWorktreeAsync).Reads<RemoveWorktreeRequest>().Produces<WorktreeResult>().Produces<ApiError>(400).Produces<ApiError>(503);
        machine.MapPost("/stop-session", StopSessionAsync).Reads<StopOnMachineRequest>().Produces<StopSessionResult>().Produces<ApiError>(400).Produces<ApiError>(503);
        machine.MapPost("/restart-runner", RestartRunnerAsync).Produces<StopRunnerResult>().Produces<ApiError>(502).Produces<ApiError>(503);
    }

    /// <summary>Answers 404 or 403 unless the machine <c>{id}</c> is in the caller's namespace.</summary>
    private static RouteGroupBuilder ForMachine(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(async (invocation, next) =>
        {
            var context = invocation.HttpContext;
            return Refuse(await FindAsync(context), context.Caller().Namespace) ?? await next(invocation);
        });
        return group;
    }

    /// <summary>Gives <see langword="null"/> for a machine of the namespace.</summary>
    internal static IResult? Refuse(MachineRow? machine, string @namespace) =>
        machine is null ? Bodies.Fail(StatusCodes.Status404NotFound, "Machine not found", ErrorCodes.MachineNotFound)
        : machine.Namespace != @namespace ? Bodies.Fail(StatusCodes.Status403Forbidden, "Machine access denied", ErrorCodes.AccessDenied)
        : null;

    // Only those that are there now.
    private static async Task<IResult> ListAsync(HttpContext context, HubReader reader, LiveMachines live)
    {
        var all = await reader.ReadAsync(sql => MachineRows.List(sql, context.Caller().Namespace), context.RequestAborted);
        return Bodies.Ok(new MachineList([.. all.Where(m => live.IsActive(m.Id)).Select(live.View)]), ApiJson.Default.MachineList);
    }

    private static async Task<IResult> RenameAsync(HttpContext context, string id, HubWriter writer, MachineRegistry registry)
    {
        if ((await Bodies.ReadAsync(context, ApiJson.Default.RenameMachineRequest))?.DisplayName?.Trim() is not { Length: <= MaxName } name || name.Any(char.IsControl))
        {
            return Bodies.Invalid();
        }

        await writer.WriteAsync(scope =>
        {
            if (MachineRows.Find(scope.Sql, id) is { } row)
            {
                ProcessAudit.MachineRenamed(scope, row.Namespace, id, Asker.Of(context), JsonObjects.Parse(row.Metadata).Text("displayName"), name);
                registry.Rename(scope, row, name);
            }

            return true;
        }, context.RequestAborted);
        return Bodies.Done();
    }

    private static async Task<IResult> ListDirectoryAsync(HttpContext context, string id, RunnerCalls calls) =>
        await Bodies.ReadAsync(context, ApiJson.Default.ListDirectoryRequest) is { } request && IsPath(request.Path)
            ? Answer(await calls.CallAsync(id, MachineCalls.ListDirectory, Raw(JsonSerializer.SerializeToUtf8Bytes(request, LinkJson.Default.ListDirectoryRequest)), context.RequestAborted))
            : Bodies.Invalid();

    private static async Task<IResult> PathsExistAsync(HttpContext context, string id, RunnerCalls calls)
    {
        if (await Bodies.ReadAsync(context, ApiJson.Default.PathsRequest) is not { Paths: { Count: <= MaxPaths } given } || given.Any(p => p is not { Length: > 0 and <= MaxPath } || p.Contains('\0', StringComparison.Ordinal)))
        {
            return Bodies.Invalid();
        }

        string[] paths = [.. given.Select(p => p.Trim()).Where(p => p.Length > 0).Distinct(StringComparer.Ordinal)];
        return paths.Length == 0
            ? Bodies.Ok(new PathExistsResult(new Dictionary<string, bool>()), ApiJson.Default.PathExistsResult)
            : Answer(await calls.CallAsync(id, MachineCalls.PathExists, Raw(JsonSerializer.SerializeToUtf8Bytes(new PathExistsRequest(paths), LinkJson.Default.PathExistsRequest)), context.RequestAborted));
    }

    private static async Task<IResult> ListWorktreesAsync(HttpContext context, string id, RunnerCalls calls) =>
        context.Request.Query["directory"] is [{ } directory] && IsPath(directory)
            ? await AskAboutWorktreesAsync(context, id, calls, MachineCalls.ListWorktrees, new WorktreeRequest(directory))
            : Bodies.Fail(StatusCodes.Status400BadRequest, "Invalid directory", ErrorCodes.InvalidQuery);

    private static async Task<IResult> RemoveWorktreeAsync(HttpContext context, string id, RunnerCalls calls) =>
        await Bodies.ReadAsync(context, ApiJson.Default.RemoveWorktreeRequest) is { } request && IsPath(request.Directory) && IsPath(request.Path)
            ? await AskAboutWorktreesAsync(context, id, calls, MachineCalls.RemoveWorktree, new WorktreeRequest(request.Directory!, request.Path, context.Caller().DeviceName))
            : Bodies.Invalid();

    private static async Task<IResult> AskAboutWorktreesAsync(HttpContext context, string id, RunnerCalls calls, string name, WorktreeRequest request) =>
        Answer(await calls.CallAsync(id, name, Raw(JsonSerializer.SerializeToUtf8Bytes(request, LinkJson.Default.WorktreeRequest)), context.RequestAborted));

    private static async Task<IResult> StopSessionAsync(HttpContext context, string id, RunnerCalls calls, SessionIndex sessions)
    {
        if (await Bodies.ReadAsync(context, ApiJson.Default.StopOnMachineRequest) is not { SessionId: { Length: > 0 } session })
        {
            return Bodies.Invalid();
        }

        var access = await sessions.AccessAsync(context.Caller().Namespace, session, context.RequestAborted);
        return access is Access.Granted
            ? Answer(await calls.CallAsync(id, MachineCalls.StopSession,
                Raw(JsonSerializer.SerializeToUtf8Bytes(new StopSessionRequest(session, context.Caller().DeviceName), LinkJson.Default.StopSessionRequest)), context.RequestAborted))
            : Callers.Refuse(access);
    }

    private static async Task<IResult> RestartRunnerAsync(HttpContext context, string id, RunnerCalls calls, LiveMachines live)
    {
        if (live.RunnerOf(id) is null)
        {
            return Bodies.Fail(StatusCodes.Status503ServiceUnavailable, "The machine's runner is not connected.", ErrorCodes.MachineOffline);
        }

        // A runner that nobody starts again would leave its machine offline.
        var supervised = (await FindAsync(context))?.Metadata is { } metadata && JsonObjects.Parse(metadata)["supervisedRestart"]?.GetValueKind() is JsonValueKind.True;
        if (!supervised)
        {
            return Bodies.Fail(StatusCodes.Status502BadGateway, "Nothing would start this runner again: it does not run as a service. Restart it on its machine.", ErrorCodes.RestartUnsupported);
        }

        var answer = await calls.CallAsync(id, MachineCalls.StopRunner, new RawJson("{}"u8.ToArray()), context.RequestAborted);
        return answer.Problem is null ? Bodies.Ok(answer.Result) : Bodies.Fail(StatusCodes.Status502BadGateway, answer.Message ?? "The runner could not be restarted.", ErrorCodes.RestartFailed);
    }

    private static IResult Answer(CallResult answer) => answer switch
    {
        { Problem: null } => Bodies.Ok(answer.Result),
        { IsTargetMissing: true } => Bodies.Fail(StatusCodes.Status503ServiceUnavailable, answer.Message!, ErrorCodes.RpcTargetMissing),
        _ => Bodies.Fail(StatusCodes.Status500InternalServerError, answer.Message!, ErrorCodes.MachineCallFailed),
    };

    private static Task<MachineRow?> FindAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        return context.RequestServices.GetRequiredService<HubReader>().ReadAsync(sql => MachineRows.Find(sql, id), context.RequestAborted);
    }

    private static bool IsPath(string? path) => path is { Length: > 0 and <= MaxPath } && !path.Contains('\0', StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(path);

    private static RawJson Raw(byte[] json) => new(json);
}
