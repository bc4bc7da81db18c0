using System.Text.Json.Nodes;
using Hapi.Contracts.Api;
using Hapi.Hub.Http;
using Hapi.Hub.Sessions;

namespace Hapi.Hub.Workspace;

/// <summary>Questions about a session's folder: each is a call to the process; what fails there answers 200 with <c>success: false</c>.</summary>
internal static class WorkspaceEndpoints
{
    public static void MapWorkspace(this IEndpointRouteBuilder routes)
    {
        var session = routes.MapGroup("/api/sessions/{id}").ForSession();
        session.MapGet("/git-status", (HttpContext context, SessionCalls calls) => AskAsync(context, calls, "git-status", new JsonObject()));
        session.MapGet("/git-diff-numstat", (HttpContext context, SessionCalls calls) => AskAsync(context, calls, "git-diff-numstat", new JsonObject { ["staged"] = context.Request.Query["staged"] is ["true"] }));
        session.MapGet("/git-diff-file", (HttpContext context, SessionCalls calls) => AskAboutAsync(context, calls, "git-diff-file",
            path => new JsonObject { ["filePath"] = path, ["staged"] = context.Request.Query["staged"] is ["true"] }));
        session.MapGet("/file", (HttpContext context, SessionCalls calls) => AskAboutAsync(context, calls, "readFile", path => new JsonObject { ["path"] = path }));
        session.MapGet("/directory", (HttpContext context, SessionCalls calls) => AskAsync(context, calls, "listDirectory", new JsonObject { ["path"] = Given(context, "path") }));
        session.MapGet("/slash-commands", (HttpContext context, SessionCalls calls) => AskAsync(context, calls, "listSlashCommands", new JsonObject()));
    }

    private static async Task<IResult> AskAsync(HttpContext context, SessionCalls calls, string name, JsonObject args)
    {
        var answer = await calls.CallAsync((string)context.Request.RouteValues["id"]!, name, JsonObjects.Raw(args), context.RequestAborted);
        return answer.Problem is null
            ? Bodies.Ok(answer.Result)
            : Bodies.Ok(new CallFailed(false, answer.Message ?? answer.Problem), ApiJson.Default.CallFailed);
    }

    private static Task<IResult> AskAboutAsync(HttpContext context, SessionCalls calls, string name, Func<string, JsonObject> args) =>
        Given(context, "path") is { Length: > 0 } path ? AskAsync(context, calls, name, args(path)) : Task.FromResult(Bodies.Fail(StatusCodes.Status400BadRequest, "Invalid file path", ErrorCodes.InvalidQuery));

    private static string Given(HttpContext context, string name) => context.Request.Query[name].ToString();
}
