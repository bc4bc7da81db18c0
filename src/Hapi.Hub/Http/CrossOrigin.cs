namespace Hapi.Hub.Http;

/// <summary>Lets pages of configured origins call the API. Credentials are bearer headers, never cookies.</summary>
internal sealed class CrossOrigin(RequestDelegate next, HostList hosts)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers.Origin is [{ } origin] && hosts.IsForeign(origin))
        {
            var headers = context.Response.Headers;
            headers.AccessControlAllowOrigin = origin;
            headers.Vary = "Origin";
            if (HttpMethods.IsOptions(context.Request.Method))
            {
                headers.AccessControlAllowMethods = "GET,POST,PUT,PATCH,DELETE,OPTIONS";
                headers.AccessControlAllowHeaders = "authorization,content-type,last-event-id";
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }
        }

        await next(context);
    }
}
