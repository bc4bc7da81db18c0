namespace Hapi.Services;

/// <summary>One command of the system's service keeper.</summary>
/// <param name="MayFail">Its failure means only that there was nothing to do.</param>
internal sealed record ServiceStep(IReadOnlyList<string> Command, bool MayFail = false)
{
    public static ServiceStep Of(params IReadOnlyList<string> command) => new(command);

    public override string ToString() => string.Join(' ', Command.Select(word => word.Contains(' ', StringComparison.Ordinal) ? $"\"{word}\"" : word));
}
