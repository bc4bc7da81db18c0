namespace Hapi.Hub.Http;

/// <summary>Answers a request with JSON.</summary>
internal sealed class JsonAnswer(JsonBytes body, int status = StatusCodes.Status200OK) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => body.WriteAsync(httpContext, status);
}
