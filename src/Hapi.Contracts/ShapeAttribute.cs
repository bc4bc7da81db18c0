namespace Hapi.Contracts;

/// <summary>
/// What a <see cref="RawJson"/> member usually holds, for the OpenAPI document. Nothing is checked: the hub carries the value on as it is,
/// and readers keep members they do not know.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ShapeAttribute(Type type) : Attribute
{
    public Type Type { get; } = type;
}
