using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Hapi.Hub.Tests.Support;

/// <summary>A session process's side of the link, spoken by hand: what it sends is exactly what a test writes.</summary>
public sealed class LinkClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentDictionary<string, Channel<JsonElement>> _heard = new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> _asked = new();
    private readonly ConcurrentDictionary<string, Func<JsonElement, string>> _served = new();
    private readonly Queue<JsonElement> _commands = new();
    private Task _reading = Task.CompletedTask;
    private long _ids;
    private long _next = 1;

    public string SessionId { get; private set; } = "";

    public long Generation { get; private set; }

    /// <summary>Whether it answers the hub's pings.</summary>
    public bool AnswersPings { get; set; } = true;

    public ConcurrentQueue<string> Order { get; } = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Completes when the hub has ended the connection; gives its close code, 0 without one.</summary>
    public async Task<int> ClosedAsync()
    {
        await _reading.WaitAsync(TimeSpan.FromSeconds(20), Token);
        return (int?)_socket.CloseStatus ?? 0;
    }

    public static async Task<LinkClient> ConnectAsync(TestHub hub, string? accessToken = null)
    {
        var client = new LinkClient();
        client._socket.Options.SetRequestHeader("Authorization", $"Bearer {accessToken ?? hub.OwnerToken}");
        client._socket.Options.KeepAliveInterval = TimeSpan.Zero;
        client._socket.Options.Proxy = null;
        client._socket.Options.CollectHttpResponseDetails = true;
        await client._socket.ConnectAsync(new UriBuilder(hub.Address) { Scheme = "ws", Path = "/link" }.Uri, Token);
        client._reading = Task.Run(client.ReadAsync, Token);
        return client;
    }

    /// <summary>Connects, says hello and opens a session.</summary>
    public static async Task<LinkClient> OpenAsync(TestHub hub, string? sessionId = null, string? accessToken = null, long generation = 1, string machine = "m1")
    {
        var client = await ConnectAsync(hub, accessToken);
        await client.HelloAsync(sessionId ?? Guid.NewGuid().ToString(), generation);
        await client.AppendAsync(Facts.Opened(machine: machine));
        return client;
    }

    public Task<JsonElement> HelloAsync(string sessionId, long generation = 1, long[]? older = null) => HelloAsync("session", sessionId, generation, older);

    /// <param name="owner">The session's id, or the machine's of a runner.</param>
    public async Task<JsonElement> HelloAsync(string role, string owner, long generation, long[]? older = null)
    {
        (SessionId, Generation) = (owner, generation);
        var (sessionId, machineId) = role is "runner" ? (null, owner) : (owner, (string?)null);
        var answer = await RequestAsync("hello", new { protocol = 1, role, sessionId, machineId, generation, versions = new { hapi = "0.1.0" }, older });
        if (answer.TryGetProperty("result", out var result))
        {
            _next = result.GetProperty("through").GetInt64() + 1;
        }

        return answer;
    }

    public Task<JsonElement> RequestAsync(string method, object parameters) => RequestRawAsync(method, JsonSerializer.Serialize(parameters));

    /// <summary>Gives the whole answer, with its result or error.</summary>
    public async Task<JsonElement> RequestRawAsync(string method, string parameters)
    {
        var id = Interlocked.Increment(ref _ids);
        var answer = _asked[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""");
        return await answer.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
    }

    /// <summary>Appends facts after those before, and waits for their acknowledgement.</summary>
    public async Task<long> AppendAsync(params string[] facts)
    {
        var first = _next;
        _next += facts.Length;
        await SendFactsAsync(first, facts);
        return await AckedAsync(_next - 1);
    }

    public Task SendFactsAsync(long first, string[] facts, long? generation = null) => SendAsync(
        $$$"""{"jsonrpc":"2.0","method":"append","params":{"owner":"{{{SessionId}}}","generation":{{{generation ?? Generation}}},"first":{{{first}}},"facts":[{{{string.Join(',', facts)}}}]}}""");

    public Task LiveAsync(object update) => SendAsync($$"""{"jsonrpc":"2.0","method":"live","params":{{JsonSerializer.Serialize(update)}}}""");

    public Task PresenceAsync(bool thinking, string? model = null, object[]? availableModes = null) =>
        LiveAsync(new { sessionId = SessionId, presence = new { thinking, mode = "remote", model, permissionMode = "default", availableModes } });

    /// <summary>Waits until the hub has acknowledged a fact.</summary>
    public async Task<long> AckedAsync(long through, long? generation = null)
    {
        while (true)
        {
            var ack = await NextAsync("ack");
            if (ack.GetProperty("generation").GetInt64() == (generation ?? Generation) && ack.GetProperty("through").GetInt64() >= through)
            {
                return ack.GetProperty("through").GetInt64();
            }
        }
    }

    /// <summary>The parameters of the next notification of a method.</summary>
    public async Task<JsonElement> NextAsync(string method)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        return await Heard(method).Reader.ReadAsync(patience.Token);
    }

    /// <summary>The next command of a kind; those of other kinds are passed over.</summary>
    public async Task<JsonElement> CommandAsync(string kind)
    {
        while (true)
        {
            while (_commands.TryDequeue(out var command))
            {
                if (command.GetProperty("kind").GetString() == kind)
                {
                    return command;
                }
            }

            foreach (var command in (await NextAsync("deliver")).GetProperty("commands").EnumerateArray())
            {
                _commands.Enqueue(command);
            }
        }
    }

    public bool HasHeard(string method) => Heard(method).Reader.TryPeek(out _);

    /// <summary>Answers a call of the hub with JSON.</summary>
    public void Serve(string method, Func<JsonElement, string> answer) => _served[method] = answer;

    public async Task SendAsync(string frame)
    {
        await _writing.WaitAsync(Token);
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(frame).AsMemory(), WebSocketMessageType.Text, endOfMessage: true, Token);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Breaks the connection as a lost network does.</summary>
    public async Task CutAsync()
    {
        _socket.Abort();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
    }

    private Channel<JsonElement> Heard(string method) => _heard.GetOrAdd(method, _ => Channel.CreateUnbounded<JsonElement>());

    private async Task ReadAsync()
    {
        var buffer = new byte[1 << 21];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult got;
                do
                {
                    got = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += got.Count;
                }
                while (!got.EndOfMessage);

                if (got.MessageType is WebSocketMessageType.Close)
                {
                    return;
                }

                await HearAsync(JsonElement.Parse(buffer.AsSpan(0, length)));
            }
        }
        catch (Exception ex) when (ex is WebSocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // The connection has ended.
        }
    }

    private async Task HearAsync(JsonElement message)
    {
        if (!message.TryGetProperty("method", out var name))
        {
            Order.Enqueue("answer");
            if (_asked.TryRemove(message.GetProperty("id").GetInt64(), out var waiter))
            {
                waiter.TrySetResult(message);
            }

            return;
        }

        var method = name.GetString()!;
        Order.Enqueue(method);
        if (!message.TryGetProperty("id", out var id))
        {
            Heard(method).Writer.TryWrite(message.GetProperty("params"));
        }
        else if (method is "ping")
        {
            Heard(method).Writer.TryWrite(default);
            if (AnswersPings)
            {
                await SendAsync($$$"""{"jsonrpc":"2.0","id":{{{id.GetRawText()}}},"result":{}}""");
            }
        }
        else
        {
            var answer = _served.TryGetValue(method, out var serve)
                ? $"\"result\":{serve(message.GetProperty("params"))}"
                : """ "error":{"code":-32601,"message":"not served"}""";
            await SendAsync($$"""{"jsonrpc":"2.0","id":{{id.GetRawText()}},{{answer}}}""");
        }
    }
}
