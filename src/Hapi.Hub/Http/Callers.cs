using Hapi.Contracts.Sessions;
using Hapi.Hub.Auth;
using Hapi.Hub.Sessions;

namespace Hapi.Hub.Http;

/// <summary>Who calls, and whether the session in the path is theirs.</summary>
internal static class Callers
{
    private static readonly object s_identity = new(), s_session = new();

    public static Identity Caller(this HttpContext context) => (Identity)context.Items[s_identity]!;

    public static void SetCaller(this HttpContext context, Identity identity) => context.Items[s_identity] = identity;

    /// <summary>The session in the path, as it was when the request came.</summary>
    public static Session Session(this HttpContext context) => (Session)context.Items[s_session]!;

    /// <summary>Answers 404 or 403 unless the session <c>{id}</c> is in the caller's namespace.</summary>
    public static RouteGroupBuilder ForSession(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(async (invocation, next) =>
        {
            var context = invocation.HttpContext;
            var sessions = context.RequestServices.GetRequiredService<SessionStore>();
            var (access, session) = await sessions.FindAsync(context.Caller().Namespace, (string)context.Request.RouteValues["id"]!, context.RequestAborted);
            context.Items[s_session] = session;
            return access switch
            {
                Access.Granted => await next(invocation),
                Access.Foreign => Bodies.Fail(StatusCodes.Status403Forbidden, "Session access denied"),
                _ => Bodies.Fail(StatusCodes.Status404NotFound, "Session not found"),
            };
        });
        return group;
    }
}
