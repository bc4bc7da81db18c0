namespace Hapi.EndToEnd.Tests.Stages;

/// <summary>One hub for the tests of a page; each has sessions of its own.</summary>
public sealed class SharedHub : IAsyncLifetime
{
    internal Stage Stage { get; } = new();

    internal StagedProgram Hub { get; private set; } = null!;

    internal HubApi Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Hub = await Stage.HubAsync();
        Api = await Stage.ApiAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await Stage.DisposeAsync();
    }
}
