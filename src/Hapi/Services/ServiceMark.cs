using System.Text.RegularExpressions;

namespace Hapi.Services;

/// <summary>The line by which a service file says that Hapi wrote it, and for which home. A file without it is somebody else's.</summary>
internal static partial class ServiceMark
{
    /// <summary>The text of the mark, to stand in a comment.</summary>
    public static string Of(ServiceSpec spec) => $"Made by \"hapi service install\" for HAPI_HOME={spec.Home} ; written anew by the next install";

    /// <summary>The home a file was made for; <see langword="null"/> when it carries no mark.</summary>
    public static string? HomeIn(string text) => Mark().Match(text) is { Success: true } match ? match.Groups["home"].Value : null;

    [GeneratedRegex("Made by \"hapi service install\" for HAPI_HOME=(?<home>.+?) ; written anew", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Mark();
}
