using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hapi.Contracts;
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

    /// <summary>As <see cref="ReadAsync"/>, but no body at all reads as <paramref name="empty"/>.</summary>
    public static async ValueTask<T?> ReadOrAsync<T>(HttpContext context, T empty, JsonTypeInfo<T> type)
        where T : class
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        try
        {
            return body.Length == 0 ? empty : JsonSerializer.Deserialize(body.GetBuffer().AsSpan(0, (int)body.Length), type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>One member of the body, where an explicit null says something; <see langword="null"/> when it is absent.</summary>
    public static async ValueTask<JsonElement?> MemberAsync(HttpContext context, string name)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            return body.RootElement.ValueKind is JsonValueKind.Object && body.RootElement.TryGetProperty(name, out var member) ? member.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The text of a JSON string; <see langword="null"/> for any other value, and for one that spells no text.</summary>
    public static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind is JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }

    public static IResult Ok<T>(T value, JsonTypeInfo<T> type) => Answer(StatusCodes.Status200OK, value, type);

    /// <summary>JSON that somebody else wrote.</summary>
    public static IResult Ok(RawJson json) => new JsonAnswer(new JsonBytes(json.Utf8.ToArray()));

    public static IResult Done(string? delivery = null) => Ok(new Done(true, delivery), ApiJson.Default.Done);

    public static IResult Fail(int status, string error, string? code = null) => Answer(status, new ApiError(error, code), ApiJson.Default.ApiError);

    public static IResult Invalid() => Fail(StatusCodes.Status400BadRequest, "Invalid body", ErrorCodes.InvalidBody);

    /// <summary>As <see cref="Invalid()"/>, with what was wrong.</summary>
    public static IResult Invalid(string error, string code, string field, string problem) => Answer(StatusCodes.Status400BadRequest,
        new InvalidBody(error, new Issues([], new Dictionary<string, IReadOnlyList<string>> { [field] = [problem] }), code), ApiJson.Default.InvalidBody);

    public static IResult Inactive() => Fail(StatusCodes.Status409Conflict, "Session is inactive", ErrorCodes.SessionInactive);

    public static IResult Answer<T>(int status, T value, JsonTypeInfo<T> type) => new JsonAnswer(new JsonBytes(JsonSerializer.SerializeToUtf8Bytes(value, type)), status);

    public static Task WriteAsync(HttpContext context, int status, string error, string? code) => Fail(status, error, code).ExecuteAsync(context);
}
