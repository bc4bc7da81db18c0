using Microsoft.AspNetCore.Routing.Template;

namespace Hapi.Hub.Http;

/// <summary>Answers what no route of the API takes: 405 where only the method is wrong, otherwise 404.</summary>
internal static class UnknownRoute
{
    public static IResult Answer(HttpContext context, EndpointDataSource endpoints)
    {
        var allowed = endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText is { } pattern && Takes(pattern, context.Request.Path))
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
            .Distinct().Order(StringComparer.Ordinal).ToArray();
        if (allowed.Length == 0)
        {
            return Bodies.Fail(StatusCodes.Status404NotFound, "There is no such route.", ErrorCodes.RouteNotFound);
        }

        context.Response.Headers.Allow = string.Join(", ", allowed);
        return Bodies.Fail(StatusCodes.Status405MethodNotAllowed, "This route does not take that method.", ErrorCodes.MethodNotAllowed);
    }

    private static bool Takes(string pattern, PathString path) =>
        !pattern.Contains("**", StringComparison.Ordinal) && new TemplateMatcher(TemplateParser.Parse(pattern.TrimStart('/')), []).TryMatch(path, []);
}
