namespace Hapi.Processes;

/// <summary>The program is not there, or is no program.</summary>
public sealed class ProgramNotFoundException(string program, Exception? inner = null)
    : Exception($"The program \"{program}\" was not found or cannot be run.", inner)
{
    public string Program { get; } = program;
}
