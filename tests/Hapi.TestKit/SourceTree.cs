namespace Hapi.TestKit;

/// <summary>The source tree the tests were built from. Found by walking up: paths inside a continuous-integration build are mapped.</summary>
public static class SourceTree
{
    public static string Root { get; } = Find();

    public static string At(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Hapi.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run inside the source tree.");
    }
}
