using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Hapi.Contracts.Events;
using Hapi.Hub.Http;
using Hapi.Hub.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Hapi.Hub.Tests.OpenApi;

/// <summary>
/// The OpenAPI document of the hub, read off its real endpoints and the records they name. The hub is built for it, never started:
/// no home, no store and no port is touched.
/// </summary>
internal static class OpenApiDocument
{
    private static readonly JsonSerializerOptions s_readable = new(JsonSerializerDefaults.General)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static async Task<string> WriteAsync()
    {
        var nowhere = Path.Combine(Path.GetTempPath(), "hapi-nowhere");
        await using var database = Database.Open(Path.Combine(nowhere, "hub.db"));
        await using var app = HubApp.Build(new HubOptions { Home = nowhere }, database);
        var book = new SchemaBook(new XmlSummaries());
        var paths = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var endpoint in ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is { ExcludeFromDescription: true })
            {
                continue;
            }

            var path = "/" + endpoint.RoutePattern.RawText!.Trim('/');
            paths.TryAdd(path, []);
            foreach (var method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods)
            {
                paths[path][method.ToLowerInvariant()] = Operation(endpoint, book);
            }
        }

        // What no route names: each event travels inside the stream.
        book.Of(typeof(SyncEvent));
        book.Of(typeof(Contracts.Sessions.AgentState));
        var document = new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "Hapi hub", ["version"] = "1" },
            ["paths"] = new JsonObject(paths.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))),
            ["components"] = new JsonObject
            {
                ["schemas"] = book.Schemas,
                ["securitySchemes"] = new JsonObject { ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["bearerFormat"] = "JWT" } },
            },
        };
        return document.ToJsonString(s_readable).ReplaceLineEndings("\n") + "\n";
    }

    private static JsonObject Operation(RouteEndpoint endpoint, SchemaBook book)
    {
        var operation = new JsonObject();
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
        {
            operation["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() });
        }

        var parameters = endpoint.RoutePattern.Parameters.Select(p => Parameter(p.Name, "path", "string"))
            .Concat(endpoint.Metadata.GetOrderedMetadata<QueryValue>().Select(q => Parameter(q.Name, "query", q.Type))).ToArray();
        if (parameters.Length > 0)
        {
            operation["parameters"] = new JsonArray([.. parameters]);
        }

        if (endpoint.Metadata.GetMetadata<JsonBody>() is { Type: var request })
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content("application/json", book.Of(request, request: true)) };
        }

        var responses = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var response in endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>())
        {
            var described = responses[$"{response.StatusCode}"] = new JsonObject { ["description"] = response.StatusCode < 300 ? "Done." : "Refused." };
            if (response.Type is { } type && type != typeof(void))
            {
                described["content"] = Content(response.ContentTypes.FirstOrDefault() ?? "application/json", book.Of(type));
            }
        }

        operation["responses"] = new JsonObject(responses.Select(r => KeyValuePair.Create(r.Key, (JsonNode?)r.Value)));
        return operation;
    }

    private static JsonObject Content(string type, JsonObject schema) => new() { [type] = new JsonObject { ["schema"] = schema } };

    private static JsonObject Parameter(string name, string place, string type) => new JsonObject
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = place is "path",
        ["schema"] = new JsonObject { ["type"] = type },
    };
}
