using System.Text.Json;
using Hapi.Agents.Events;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Link;
using Hapi.TestKit;

namespace Hapi.Session.Tests;

/// <summary>A session's outbox in a folder of its own, and what stands in it.</summary>
internal sealed class SessionFiles : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    public SessionFiles() => Reopen();

    public Outbox Outbox { get; private set; } = null!;

    public SessionLog Log { get; private set; } = null!;

    /// <summary>As after the death of the process: the next one takes the file.</summary>
    public async Task RestartAsync()
    {
        await Outbox.DisposeAsync();
        Reopen();
    }

    /// <summary>Every fact that was written, oldest first, as its kind and its JSON.</summary>
    public IReadOnlyList<JsonElement> Facts() => OutboxFacts.Read(_folder["outbox.db"]);

    public IReadOnlyList<string> Kinds() => [.. Facts().Select(f => f.GetProperty("kind").GetString()!)];

    public static Command Message(string id, string text = "hello") => Command(
        CommandKinds.Message, id, JsonSerializer.SerializeToUtf8Bytes(
            new MessageCommand("m-" + id, "l-" + id, 1, 1, RawJson.Parse($$"""{"role":"user","content":{"type":"text","text":"{{text}}"} }""")), LinkJson.Default.MessageCommand));

    public static Command Command(string kind, string id, byte[] body) => new(id, kind, 1, new RawJson(body), "Pixel");

    public async ValueTask DisposeAsync()
    {
        await Outbox.DisposeAsync();
        _folder.Dispose();
    }

    private void Reopen()
    {
        Outbox = Outbox.Open(_folder["outbox.db"], TimeProvider.System);
        Log = new SessionLog(Outbox, new GenericFamily(TimeProvider.System), TimeProvider.System);
    }
}
