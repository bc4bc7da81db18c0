using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Hapi.Bench.Clients;
using Hapi.Contracts.Api;
using Hapi.Contracts.Link;

namespace Hapi.Bench.Rows;

/// <summary>From a phone's request to the command on the link: it is a durable row by then.</summary>
internal sealed class AgentRow : IRow
{
    private const int WarmUp = 100, Messages = 500;

    public string Name => "agent";

    public string What => "phone → agent p50 / p99, durable";

    public string Goal => "≤ 1.5 / 4 ms";

    public async Task<string> MeasureAsync(Stage stage, CancellationToken cancellationToken)
    {
        await using var hub = await stage.StartHubAsync(cancellationToken);
        await using var session = await LinkSession.OpenAsync(hub, cancellationToken);
        var arrived = Channel.CreateUnbounded<(Command Command, long At)>();
        session.OnCommand = command => arrived.Writer.TryWrite((command, Stopwatch.GetTimestamp()));
        var timings = new Timings();
        for (var i = 0; i < WarmUp + Messages; i++)
        {
            var localId = $"local-{i}";
            using var body = new StringContent(JsonSerializer.Serialize(new SendRequest("Please run the tests once more.", localId), ApiJson.Default.SendRequest), Encoding.UTF8, "application/json");
            var begun = Stopwatch.GetTimestamp();
            using var answer = await hub.Http.PostAsync($"/api/sessions/{session.Id}/messages", body, cancellationToken);
            var (command, at) = await arrived.Reader.ReadAsync(cancellationToken);
            if (i >= WarmUp)
            {
                timings.Add(Stopwatch.GetElapsedTime(begun, at));
            }

            await session.SendAsync([new CommandAccepted(Facts.Now, command.Id), new MessagesConsumed(Facts.Now, [localId])], cancellationToken);
            await session.AcknowledgedAsync(cancellationToken);
        }

        return $"{timings.P50:N1} / {timings.P99:N1} ms";
    }
}
