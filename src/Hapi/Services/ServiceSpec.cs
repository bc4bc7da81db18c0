namespace Hapi.Services;

/// <summary>One service of one home: what is started, and with which environment. No secret is ever in it.</summary>
internal sealed record ServiceSpec(ServiceRole Role, string Home, string Executable, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment)
{
    // What a shell may have set for this user's Hapi, and what a service would not see otherwise. Nothing here opens anything.
    private static readonly string[] s_carried = ["HAPI_LISTEN_HOST", "HAPI_LISTEN_PORT", "HAPI_PUBLIC_URL", "HAPI_API_URL", "HAPI_HOSTNAME", "HAPI_CLAUDE_PATH", "CLAUDE_CONFIG_DIR", "CORS_ORIGINS"];

    /// <param name="flags">What the user gave for it on the command line.</param>
    /// <exception cref="CommandException">A value holds a secret, or cannot stand in a service file.</exception>
    public static ServiceSpec Create(ServiceRole role, string home, string executable, IReadOnlyList<string> flags, Func<string, string?> variable)
    {
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["HAPI_HOME"] = home };
        foreach (var name in s_carried.Where(n => variable(n) is not null))
        {
            environment[name] = variable(name)!;
        }

        if (role == ServiceRole.Runner)
        {
            environment["HAPI_RUNNER_SUPERVISED"] = "1"; // it may end itself: it is started again
            environment["PATH"] = variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin"; // agents lie where this user's shell finds them
        }

        string[] arguments = [.. role.Command, .. flags];
        foreach (var text in arguments.Concat(environment.Values).Append(executable))
        {
            Check(text);
        }

        return new ServiceSpec(role, home, executable, arguments, environment);
    }

    private static void Check(string text)
    {
        if (text.Any(char.IsControl))
        {
            throw new CommandException(ExitCodes.BadArguments, "bad_arguments", "A service file cannot hold a line break or another control character. Give the value without it.");
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.UserInfo.Contains(':', StringComparison.Ordinal))
        {
            throw new CommandException(
                ExitCodes.BadArguments, "secret_in_service",
                $"The address of {url.Host} holds a password, and service files are no place for one. Leave it out, and set it where only the service reads it (docs/guide/services.md).");
        }
    }
}
