using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hapi.Contracts.Api;

namespace Hapi.Hub.Http;

/// <summary>Bodies in and answers out. A body that is absent or no JSON reads as <see langword="null"/>; the route says whether that passes.</summary>
internal static class Bodies
{
    public static async ValueTask<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static IResult Ok<T>(T value, JsonTypeInfo<T> type) => Results.Json(value, type);

    public static IResult Done(string? delivery = null) => Results.Json(new Done(true, delivery), ApiJson.Default.Done);

    public static IResult Fail(int status, string error, string? code = null) => Results.Json(new ApiError(error, code), ApiJson.Default.ApiError, statusCode: status);

    public static IResult Invalid() => Fail(StatusCodes.Status400BadRequest, "Invalid body");

    /// <summary>As <see cref="Invalid()"/>, with what was wrong.</summary>
    public static IResult Invalid(string error, string field, string problem) => Results.Json(
        new InvalidBody(error, new Issues([], new Dictionary<string, IReadOnlyList<string>> { [field] = [problem] })), ApiJson.Default.InvalidBody, statusCode: StatusCodes.Status400BadRequest);

    public static IResult Inactive() => Fail(StatusCodes.Status409Conflict, "Session is inactive", ErrorCodes.SessionInactive);

    public static Task WriteAsync(HttpContext context, int status, string error, string? code)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new ApiError(error, code), ApiJson.Default.ApiError, cancellationToken: CancellationToken.None);
    }
}
