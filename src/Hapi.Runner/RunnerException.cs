namespace Hapi.Runner;

/// <summary>The runner cannot run. <c>Code</c> is stable: <c>runner_busy</c>: another one holds this home and does not give way.</summary>
public sealed class RunnerException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
