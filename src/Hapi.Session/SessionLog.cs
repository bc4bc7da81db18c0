using System.Text;
using System.Text.Json.Nodes;
using Hapi.Agents.Events;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Link;

namespace Hapi.Session;

/// <summary>What the session tells the hub, as facts. Each method completes when the fact is safe on disk.</summary>
internal sealed class SessionLog(Outbox outbox, GenericFamily family, TimeProvider time)
{
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public GenericFamily Family => family;

    public Task AppendAsync(Fact fact) => outbox.AppendAsync(fact, CancellationToken.None);

    /// <summary>One chat row. One that is too large for the link is told of instead: its size, and that it is gone.</summary>
    public async Task SayAsync(RawJson envelope)
    {
        try
        {
            await AppendAsync(new MessageFact(Now, envelope));
        }
        catch (OutboxException ex) when (ex.Code is "fact_too_large")
        {
            await AppendAsync(new MessageFact(Now, family.Event("message", ("message", $"Something of {envelope.Utf8.Length / 1024} KiB came from the agent here, which is too large to keep."))));
        }
    }

    public Task SetMetadataAsync(string key, JsonNode? value) =>
        AppendAsync(new MetadataPatch(Now, new Dictionary<string, RawJson> { [key] = Raw(value) }));

    public Task AcceptAsync(Command command) => AppendAsync(new CommandAccepted(Now, command.Id));

    public Task RefuseAsync(Command command, string code, string? message = null) => AppendAsync(new CommandRefused(Now, command.Id, code, message));

    public static RawJson Raw(JsonNode? value) => new(Encoding.UTF8.GetBytes(value?.ToJsonString() ?? "null"));
}
