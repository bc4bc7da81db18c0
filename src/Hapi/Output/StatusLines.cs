using Hapi.Session;

namespace Hapi.Output;

/// <summary>A session's status, a line at a time, with the time of day.</summary>
internal sealed class StatusLines(TimeProvider time) : IStatusLines
{
    public void Say(string line) => Printer.Error($"{time.GetLocalNow():HH:mm:ss}  {line}");
}
