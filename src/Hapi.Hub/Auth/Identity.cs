namespace Hapi.Hub.Auth;

/// <summary>Who calls. <c>DeviceId</c> is <see langword="null"/> for the owner's own token.</summary>
internal sealed record Identity(string Namespace, string? DeviceId, string DeviceName)
{
    public const string DefaultNamespace = "default";

    public bool IsOwner => Namespace is DefaultNamespace && DeviceId is null;
}
