namespace Hapi.Hub.Http;

/// <summary>A value a route reads from its query, for the OpenAPI document. <c>Type</c> is JSON schema's.</summary>
internal sealed record QueryValue(string Name, string Type);
