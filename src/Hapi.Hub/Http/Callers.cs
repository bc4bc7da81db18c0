using Hapi.Hub.Auth;
using Hapi.Hub.Sessions;

namespace Hapi.Hub.Http;

/// <summary>Who calls, and whether the session in the path is theirs.</summary>
internal static class Callers
{
    private static readonly object s_identity = new();

    public static Identity Caller(this HttpContext context) => (Identity)context.Items[s_identity]!;

    public static void SetCaller(this HttpContext context, Identity identity) => context.Items[s_identity] = identity;

    /// <summary>Answers 404 or 403 unless the session <c>{id}</c> is in the caller's namespace.</summary>
    public static RouteGroupBuilder ForSession(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(async (invocation, next) =>
        {
            var context = invocation.HttpContext;
            var sessions = context.RequestServices.GetRequiredService<SessionIndex>();
            var access = await sessions.AccessAsync(context.Caller().Namespace, (string)context.Request.RouteValues["id"]!, context.RequestAborted);
            return access is Access.Granted ? await next(invocation) : Refuse(access);
        });
        return group;
    }

    public static IResult Refuse(Access access) => access is Access.Foreign
        ? Bodies.Fail(StatusCodes.Status403Forbidden, "Session access denied", ErrorCodes.AccessDenied)
        : Bodies.Fail(StatusCodes.Status404NotFound, "Session not found", ErrorCodes.SessionNotFound);
}
