using System.Text;
using System.Text.Json;
using Hapi.Processes;
using Hapi.Rpc;

namespace Hapi.Agents.Acp;

/// <summary>The line to a running agent: asks, hears, and knows when it is gone.</summary>
internal sealed class AcpConnection : IRpcHandler, IAsyncDisposable
{
    private static readonly TimeSpan s_lastReads = TimeSpan.FromSeconds(1), s_lastExit = TimeSpan.FromSeconds(5);
    private readonly IAcpProgram _program;
    private readonly TimeProvider _time;
    private readonly RpcPeer _peer;
    private readonly CancellationTokenSource _reading = new();
    private readonly Func<JsonElement, CancellationToken, Task> _onUpdate;
    private readonly Func<JsonElement, CancellationToken, Task<ReadOnlyMemory<byte>>> _onPermission;
    private string? _lastNoise;

    public AcpConnection(
        IAcpProgram program,
        TimeProvider time,
        Func<JsonElement, CancellationToken, Task> onUpdate,
        Func<JsonElement, CancellationToken, Task<ReadOnlyMemory<byte>>> onPermission)
    {
        (_program, _time, _onUpdate, _onPermission) = (program, time, onUpdate, onPermission);
        _peer = new RpcPeer(program.Transport, this, new RpcPeerOptions(OnNoise: Noise));
        Ended = RunAsync();
    }

    /// <summary>Completes with how the program ended, once it is gone and everything it said is heard. It never faults.</summary>
    public Task<ExitReport> Ended { get; }

    /// <summary>The conversation whose updates count; <see langword="null"/> until it is known.</summary>
    public string? SessionId { get; set; }

    /// <summary>The last line on stdout that was no message.</summary>
    public string? LastNoise => _lastNoise;

    /// <summary>What went wrong on our side, when that ended the reading.</summary>
    public Exception? Fault { get; private set; }

    /// <exception cref="RpcException">The agent refused.</exception>
    /// <exception cref="RpcClosedException">The agent is gone.</exception>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    public async Task<JsonElement> RequestAsync(string method, ReadOnlyMemory<byte> parameters, TimeSpan within, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(within, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await _peer.RequestAsync(method, parameters, both.Token);
        }
        catch (OperationCanceledException ex) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{method} was not answered within {within.TotalSeconds:0} s.", ex);
        }
    }

    /// <summary>Asks and waits as long as it takes.</summary>
    /// <param name="onSent">Called when the agent has been given the request.</param>
    public Task<JsonElement> RequestAsync(string method, ReadOnlyMemory<byte> parameters, Action? onSent, CancellationToken cancellationToken) =>
        _peer.RequestAsync(method, parameters, onSent, cancellationToken);

    /// <summary>Tells the agent something. When it is gone that is no error: whoever waits for it hears so.</summary>
    public async Task NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken)
    {
        try
        {
            await _peer.NotifyAsync(method, parameters, cancellationToken);
        }
        catch (RpcClosedException)
        {
            // Its end is told where somebody waits for an answer.
        }
    }

    async ValueTask IRpcHandler.NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken)
    {
        if (method is not "session/update" || Parse(parameters) is not { } notice || notice.Object("update") is not { } update)
        {
            return;
        }

        if (SessionId is null || notice.Text("sessionId") is not { } session || session == SessionId)
        {
            await _onUpdate(update, cancellationToken);
        }
    }

    async Task<ReadOnlyMemory<byte>> IRpcHandler.RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken) => method switch
    {
        "session/request_permission" => await _onPermission(parameters, cancellationToken),
        _ => throw new RpcException(RpcException.MethodNotFound, $"Hapi does not offer {method}."),
    };

    public async ValueTask DisposeAsync()
    {
        await _reading.CancelAsync();
        await _program.DisposeAsync();
        await Ended;
        _reading.Dispose();
    }

    private async Task<ExitReport> RunAsync()
    {
        var reading = ReadAsync();
        await Task.WhenAny(reading, _program.Completion);
        if (!_program.Completion.IsCompleted)
        {
            // It has closed its side, or we cannot go on: without a line a running program is no use to anybody.
            try
            {
                await _program.Completion.WaitAsync(Fault is null ? s_lastExit : TimeSpan.Zero, _time);
            }
            catch (TimeoutException)
            {
                return await _program.StopAsync();
            }
        }

        try
        {
            // Its last words may still be in the pipe; a descendant can hold it open for ever.
            await reading.WaitAsync(s_lastReads, _time);
        }
        catch (TimeoutException)
        {
            await _reading.CancelAsync();
            await reading;
        }

        return await _program.Completion;
    }

    private async Task ReadAsync()
    {
        try
        {
            await _peer.RunAsync(_reading.Token);
        }
        catch (OperationCanceledException)
        {
            // The program is gone, or we are.
        }
        catch (Exception ex)
        {
            Fault = ex;
        }
    }

    private void Noise(ReadOnlyMemory<byte> line)
    {
        var text = Encoding.UTF8.GetString(line.Span[..Math.Min(line.Length, 400)]).Trim();
        _lastNoise = text.Length > 0 ? text : _lastNoise;
    }

    private static JsonElement? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonElement.Parse(json.Span);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
