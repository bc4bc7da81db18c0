namespace Hapi.Architecture.Tests;

internal static class Offences
{
    /// <summary>Fails with every offence in full, one a line.</summary>
    public static void None(IEnumerable<string> offences)
    {
        var all = offences.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}
