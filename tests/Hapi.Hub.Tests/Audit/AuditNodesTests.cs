using Hapi.Hub.Audit;
using Hapi.Hub.Events;
using Hapi.Hub.Storage;
using Hapi.Hub.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hapi.Hub.Tests.Audit;

public sealed class AuditNodesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_that_write_at_once_make_one_chain()
    {
        const int Nodes = 4, Rows = 50;
        var store = await PostgresServer.CreateDatabaseAsync();
        await using var database = Database.Open(store);
        await Schema.PrepareAsync(database, Token);
        var writers = new List<HubWriter>();
        for (var i = 0; i < Nodes; i++)
        {
            var writer = new HubWriter(database, new EventFeed(new EventIds { StoreId = "store" }, TimeProvider.System), TimeProvider.System, NullLogger<HubWriter>.Instance);
            await writer.StartAsync(Token);
            writers.Add(writer);
        }

        await Task.WhenAll(writers.SelectMany((writer, node) => Enumerable.Range(0, Rows).Select(i => writer.WriteAsync(scope =>
        {
            scope.Audit.Add(new AuditEntry(AuditKinds.DeviceRevoked, "default", AuditActor.Hub, AuditChannels.Hub) { Subject = $"{node}/{i}" });
            return true;
        }, Token))));
        foreach (var writer in writers)
        {
            await writer.StopAsync(Token);
            writer.Dispose();
        }

        await using var reader = new HubReader(database);
        var report = await reader.ReadAsync(AuditChain.Verify, Token);
        Assert.Equal((Nodes * Rows, null), (report.Rows, report.Problem));
    }
}
