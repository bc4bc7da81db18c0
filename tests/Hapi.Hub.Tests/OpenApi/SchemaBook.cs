using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Hapi.Contracts;

namespace Hapi.Hub.Tests.OpenApi;

/// <summary>
/// JSON schemas of wire records, the way they are written: camelCase, absent instead of null unless a member is always written.
/// A member of a request may be null wherever the record allows it.
/// </summary>
internal sealed class SchemaBook(XmlSummaries summaries)
{
    private readonly NullabilityInfoContext _nullability = new();
    private readonly SortedDictionary<string, JsonObject> _schemas = new(StringComparer.Ordinal);
    private readonly HashSet<Type> _requests = [];

    public JsonObject Schemas => new(_schemas.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value.DeepClone())));

    /// <summary>Gives a reference to a type's schema, or the schema itself where it has no name.</summary>
    public JsonObject Of(Type type, bool request = false)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return OrNull(Of(value, request));
        }

        if (type == typeof(RawJson))
        {
            return [];
        }

        if (Primitive(type) is { } primitive)
        {
            return primitive;
        }

        if (DictionaryValue(type) is { } element)
        {
            return new() { ["type"] = "object", ["additionalProperties"] = Of(element, request) };
        }

        if (ElementOf(type) is { } item)
        {
            return new() { ["type"] = "array", ["items"] = Of(item, request) };
        }

        if (request)
        {
            _requests.Add(type);
        }

        var name = NameOf(type);
        if (!_schemas.ContainsKey(name))
        {
            _schemas[name] = []; // a type may refer to itself
            _schemas[name] = type.IsAbstract ? OneOf(type) : Object(type);
        }

        return Reference(name);
    }

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    private JsonObject OneOf(Type type) => Described(type, new()
    {
        ["oneOf"] = new JsonArray([.. type.Assembly.GetTypes().Where(t => t.IsSubclassOf(type)).OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => Of(t))]),
    });

    private JsonObject Object(Type type)
    {
        var request = _requests.Contains(type);
        var (properties, required) = (new JsonObject(), new JsonArray());
        var members = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0)
            .OrderBy(p => p.GetCustomAttribute<JsonPropertyOrderAttribute>()?.Order ?? 0);
        foreach (var member in members)
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(member.Name);
            var nullable = Nullable.GetUnderlyingType(member.PropertyType) is not null || _nullability.Create(member).ReadState is NullabilityState.Nullable;
            var always = member.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition is JsonIgnoreCondition.Never;
            var schema = Member(type, member, request);
            properties[name] = nullable && (always || request) ? OrNull(schema) : schema;
            if (!nullable || always)
            {
                required.Add(name);
            }
        }

        var result = Described(type, new() { ["type"] = "object" });
        if (required.Count > 0)
        {
            result["required"] = required;
        }

        result["properties"] = properties;
        return result;
    }

    private JsonObject Member(Type owner, PropertyInfo member, bool request)
    {
        if (owner.IsSubclassOf(typeof(Contracts.Events.SyncEvent)) && member.Name is "Type")
        {
            return new() { ["type"] = "string", ["enum"] = new JsonArray(TypeName(owner)) };
        }

        if (member.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
        {
            return new() { ["type"] = "string", ["enum"] = new JsonArray([.. allowed.Values.Select(v => JsonValue.Create((string)v!))]) };
        }

        if (member.GetCustomAttribute<ShapeAttribute>() is { } shape)
        {
            return Of(shape.Type, request);
        }

        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        // Versioned<T> says what its raw value usually holds.
        return type == typeof(RawJson) && owner.IsGenericType ? Of(owner.GetGenericArguments()[0], request) : Of(type, request);
    }

    private JsonObject Described(Type type, JsonObject schema)
    {
        if (summaries.Of(type) is { } text)
        {
            schema.Insert(0, "description", text);
        }

        return schema;
    }

    // The type member is what the record's constructor passes to its base.
    private static string TypeName(Type type)
    {
        var constructor = type.GetConstructors()[0];
        var values = constructor.GetParameters().Select(p => p.ParameterType.IsValueType ? Activator.CreateInstance(p.ParameterType) : null).ToArray();
        return ((Contracts.Events.SyncEvent)constructor.Invoke(values)).Type;
    }

    private static JsonObject? Primitive(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.String => new() { ["type"] = "string" },
        TypeCode.Boolean => new() { ["type"] = "boolean" },
        TypeCode.Int32 => new() { ["type"] = "integer", ["format"] = "int32" },
        TypeCode.Int64 => new() { ["type"] = "integer", ["format"] = "int64" },
        TypeCode.Double => new() { ["type"] = "number" },
        _ => null,
    };

    private static Type? DictionaryValue(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) ? type.GetGenericArguments()[1] : null;

    private static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static string NameOf(Type type) => type.IsGenericType
        ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] + (ElementOf(type.GetGenericArguments()[0]) is { } item ? item.Name + "s" : type.GetGenericArguments()[0].Name)
        : type.Name;

    private static JsonObject OrNull(JsonObject schema)
    {
        if (schema["type"] is JsonValue type)
        {
            schema["type"] = new JsonArray(type.DeepClone(), "null");
            (schema["enum"] as JsonArray)?.Add((JsonNode?)null);
            return schema;
        }

        return schema.Count == 0 ? schema : new() { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
    }
}
