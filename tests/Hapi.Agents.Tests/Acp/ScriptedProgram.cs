using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Hapi.Agents.Acp;
using Hapi.Processes;
using Hapi.Rpc;

namespace Hapi.Agents.Tests.Acp;

/// <summary>An agent program in the hands of a test: it says what the test gives it to say, and the test sees what it is told.</summary>
internal sealed class ScriptedProgram : IAcpProgram, IRpcTransport
{
    private readonly Channel<byte[]> _toAdapter = Channel.CreateUnbounded<byte[]>();
    private readonly Channel<JsonElement> _fromAdapter = Channel.CreateUnbounded<JsonElement>();
    private readonly TaskCompletionSource<ExitReport> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unread;
    private bool _handed;

    public IRpcTransport Transport => this;

    public Task<ExitReport> Completion => _completion.Task;

    /// <summary>The adapter has taken in everything said so far, and waits for more.</summary>
    public bool IsHeard => Volatile.Read(ref _unread) == 0;

    public void Say(string json)
    {
        Interlocked.Increment(ref _unread);
        _toAdapter.Writer.TryWrite(Encoding.UTF8.GetBytes(json));
    }

    public void Answer(JsonElement request, string result) => Say($$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id").GetRawText()}},"result":{{result}}}""");

    public void Refuse(JsonElement request, string error) => Say($$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id").GetRawText()}},"error":{{error}}}""");

    /// <summary>Answers as a recorded answer did.</summary>
    public void SayAnswer(JsonElement request, JsonElement recorded)
    {
        if (recorded.Member("error") is { } error)
        {
            Refuse(request, error.GetRawText());
        }
        else
        {
            Answer(request, recorded.GetProperty("result").GetRawText());
        }
    }

    public void Update(string update, string session = "s1") => Say($$$"""{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"{{{session}}}","update":{{{update}}}}}""");

    /// <summary>Gives the next message of the adapter.</summary>
    public async Task<JsonElement> HearAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await _fromAdapter.Reader.ReadAsync(limit.Token);
    }

    public bool TryHear(out JsonElement message) => _fromAdapter.Reader.TryRead(out message);

    /// <summary>Gives the next message, which must be a request or notification of this name.</summary>
    public async Task<JsonElement> HearAsync(string method)
    {
        var message = await HearAsync();
        Assert.Equal(method, message.Text("method"));
        return message;
    }

    /// <summary>Greets, and opens the conversation <c>s1</c>.</summary>
    public async Task OpenAsync(string agent = """{"protocolVersion":1,"agentCapabilities":{}}""", string opened = """{"sessionId":"s1"}""", string method = "session/new")
    {
        Answer(await HearAsync("initialize"), agent);
        Answer(await HearAsync(method), opened);
    }

    public void Die(int exitCode = 1, string stderr = "")
    {
        _toAdapter.Writer.TryComplete();
        _completion.TrySetResult(new ExitReport(exitCode, stderr));
    }

    /// <summary>Closes the line but lives on.</summary>
    public void HangUp() => _toAdapter.Writer.TryComplete();

    public Task<ExitReport> StopAsync()
    {
        Die(0);
        return Completion;
    }

    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_handed)
        {
            _handed = false;
            Interlocked.Decrement(ref _unread);
        }

        if (!await _toAdapter.Reader.WaitToReadAsync(cancellationToken) || !_toAdapter.Reader.TryRead(out var message))
        {
            return null;
        }

        _handed = true;
        return message;
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (_completion.Task.IsCompleted)
        {
            throw new RpcClosedException("The program is gone.");
        }

        _fromAdapter.Writer.TryWrite(JsonElement.Parse(message.Span));
        return default;
    }

    public ValueTask DisposeAsync()
    {
        Die(0);
        return default;
    }
}
