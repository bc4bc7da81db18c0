using System.Net.WebSockets;
using System.Text.Json.Serialization.Metadata;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Rpc;

namespace Hapi.Link;

/// <summary>
/// The process's side of the link: keeps one connection to the hub alive for ever, sends what the outbox holds until it is acknowledged,
/// and hands over what the hub wants. It works without any hub: then the outbox keeps everything.
/// </summary>
public sealed class HubLink(LinkOptions options, Outbox outbox, ILinkHandler handler, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(250), s_longestDelay = TimeSpan.FromSeconds(5), s_goodLink = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _closing = new();
    private readonly LiveBoard _board = new(time);
    private readonly AckWatch _acks = new(outbox);
    private readonly CommandPump _commands = new(handler);
    private Task _run = Task.CompletedTask;
    private LinkConnection? _connection;

    public LinkState State { get; private set; } = LinkState.Connecting;

    /// <summary>Why the hub cannot be reached or refuses, in one sentence.</summary>
    public string? Problem { get; private set; }

    /// <summary>The hub has less than it once had: only another generation may go on with it.</summary>
    public bool Forgotten { get; private set; }

    public event Action? StateChanged;

    /// <summary>The hub has refused one fact for good; it counts as delivered.</summary>
    public event Action<RefuseNotice>? FactRefused;

    /// <summary>Completes when the link works no more. Before it is disposed, that is a fault of this program.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Starts connecting; returns at once.</summary>
    public void Start()
    {
        Task[] parts = [Task.Run(() => RunAsync(_closing.Token)), Task.Run(() => _commands.RunAsync(_closing.Token))];
        _run = Task.WhenAll(parts);
        Completion = Task.WhenAny(parts).Unwrap();
    }

    public void SetPresence(Presence presence) => _board.SetPresence(presence);

    public void SetStreams(IReadOnlyList<LiveStream> streams) => _board.SetStreams(streams);

    /// <summary>Of a runner: how its machine is.</summary>
    public void SetHealth(MachineHealth health) => _board.SetHealth(health);

    /// <summary>Asks the hub, on the link as it is now.</summary>
    /// <exception cref="RpcException">The hub refused.</exception>
    /// <exception cref="RpcClosedException">There is no link, or it ended before the answer.</exception>
    public Task<TResult> AskAsync<TParams, TResult>(string method, TParams parameters, JsonTypeInfo<TParams> write, JsonTypeInfo<TResult> read, CancellationToken cancellationToken) =>
        Volatile.Read(ref _connection) is { } connection ? connection.AskAsync(method, parameters, write, read, cancellationToken) : throw new RpcClosedException("The hub cannot be reached.");

    /// <summary>Completes with <see langword="true"/> when the hub has everything appended so far, with <see langword="false"/> after the time-out.</summary>
    public Task<bool> FlushAsync(TimeSpan timeout) => _acks.WaitAsync(outbox.Last, timeout, time);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _run.ContinueWith(_ => { }, TaskScheduler.Default);
        _closing.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        void OnFault() => _board.SetFault(outbox.Fault);
        outbox.FaultChanged += OnFault;
        var delay = TimeSpan.Zero;
        try
        {
            while (true)
            {
                var begun = time.GetTimestamp();
                var up = await ConnectOnceAsync(cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                Set(State is LinkState.Connected ? LinkState.Connecting : State, Problem);
                // A link that ends as soon as it is up must not be opened in a busy loop.
                delay = up && time.GetElapsedTime(begun) >= s_goodLink ? TimeSpan.Zero : State is LinkState.Refused ? s_longestDelay : Next(delay);
                await Task.Delay(delay * (0.5 + (Random.Shared.NextDouble() / 2)), time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        finally
        {
            outbox.FaultChanged -= OnFault;
        }
    }

    private static TimeSpan Next(TimeSpan delay) =>
        delay == TimeSpan.Zero ? s_firstDelay : delay * 2 < s_longestDelay ? delay * 2 : s_longestDelay;

    // Gives whether the link was up, so that the next attempt comes at once.
    private async Task<bool> ConnectOnceAsync(CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {options.Token}");
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.KeepAliveInterval = TimeSpan.Zero; // the link has pings of its own
        if (options.HubUrl.IsLoopback)
        {
            socket.Options.Proxy = null;
        }

        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(LinkLimits.SilenceEndsLink);
            await socket.ConnectAsync(LinkAddress(options.HubUrl), patience.Token);
            await using var connection = new LinkConnection(socket, options, outbox, handler, _commands, _board, _acks, refusal => FactRefused?.Invoke(refusal), time);
            try
            {
                return await connection.RunAsync(() => Up(connection), cancellationToken);
            }
            finally
            {
                Volatile.Write(ref _connection, null);
            }
        }
        catch (RpcException ex)
        {
            Forgotten = ex.Kind is LinkConnection.ForgotCode;
            Set(LinkState.Refused, ex.Message);
        }
        catch (WebSocketException) when ((int)socket.HttpStatusCode is 401 or 403)
        {
            Set(LinkState.Refused, "The hub does not accept this machine's token. Run \"hapi auth login\".");
        }
        catch (Exception ex) when (ex is WebSocketException or IOException or OperationCanceledException or TimeoutException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Set(LinkState.Unreachable, $"The hub at {options.HubUrl} cannot be reached. What happens here is kept and delivered later.");
        }
        catch (Exception ex)
        {
            // Whatever it was, the link is the only way out of here: it is tried again for ever.
            Set(LinkState.Unreachable, $"The link to the hub failed: {ex.Message}");
        }

        return false;
    }

    private void Up(LinkConnection connection)
    {
        Volatile.Write(ref _connection, connection);
        Set(LinkState.Connected, null);
    }

    private static Uri LinkAddress(Uri hub) => new UriBuilder(hub)
    {
        Scheme = hub.Scheme is "https" ? "wss" : "ws",
        Path = hub.AbsolutePath.TrimEnd('/') + "/link",
    }.Uri;

    private void Set(LinkState state, string? problem)
    {
        if (State != state || Problem != problem)
        {
            (State, Problem) = (state, problem);
            StateChanged?.Invoke();
        }
    }
}
