using System.Reflection;

namespace Hapi.Architecture.Tests;

/// <summary>The built product.</summary>
internal static class Assemblies
{
    private static readonly string[] s_projects =
        ["Hapi.Contracts", "Hapi.Rpc", "Hapi.Processes", "Hapi.Workspace", "Hapi.Agents", "Hapi.Link", "Hapi.Control", "Hapi.Session", "Hapi.Runner", "Hapi.Hub", "Hapi"];

    public static IEnumerable<Assembly> Product => s_projects.Select(Load);

    /// <summary>The executable's assembly is named <c>hapi</c>, like the command.</summary>
    public static Assembly Load(string project) => Assembly.Load(project is "Hapi" ? "hapi" : project);

    /// <summary>The project that builds an assembly, or <see langword="null"/> when it is not ours.</summary>
    public static string? ProjectOf(string assembly) => s_projects.FirstOrDefault(p => string.Equals(p, assembly, StringComparison.OrdinalIgnoreCase));

    /// <summary>Types a person wrote, without what the compiler and the generators add.</summary>
    public static IEnumerable<Type> WrittenTypes(Assembly assembly) =>
        assembly.GetTypes().Where(t => t.FullName is { } name && !name.Contains('<', StringComparison.Ordinal)
            && t.GetCustomAttribute<System.CodeDom.Compiler.GeneratedCodeAttribute>() is null && t.Namespace?.StartsWith("Hapi", StringComparison.Ordinal) == true);
}
