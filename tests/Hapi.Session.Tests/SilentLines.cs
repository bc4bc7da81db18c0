namespace Hapi.Session.Tests;

internal sealed class SilentLines : IStatusLines
{
    public void Say(string line)
    {
    }
}
