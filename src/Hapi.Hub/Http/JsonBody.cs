namespace Hapi.Hub.Http;

/// <summary>What a route reads from its body, for the OpenAPI document alone: the framework's own note would turn away every other content type.</summary>
internal sealed record JsonBody(Type Type);

internal static class JsonBodyExtensions
{
    public static RouteHandlerBuilder Reads<T>(this RouteHandlerBuilder route) => route.WithMetadata(new JsonBody(typeof(T)));
}
