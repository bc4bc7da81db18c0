using System.Reflection;

namespace Hapi.Settings;

internal static class HapiVersion
{
    public static string Current { get; } = typeof(HapiVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
