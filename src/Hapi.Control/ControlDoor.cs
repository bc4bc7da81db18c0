using System.Security.Cryptography;
using System.Text;
using Hapi.Rpc;

namespace Hapi.Control;

/// <summary>A process's private door: JSON-RPC on a Unix socket with mode 0600, a named pipe on Windows. Closed when disposed.</summary>
public sealed class ControlDoor : IAsyncDisposable
{
    private const int MaxLineBytes = 1 << 20;
    private readonly CancellationTokenSource _closing = new();
    private readonly IRpcHandler _handler;
    private readonly Task _serving;

    private ControlDoor(string address, IRpcHandler handler)
    {
        (Address, _handler) = (address, handler);
        _serving = LocalSocket.ServeAsync(address, ServeAsync, _closing.Token);
    }

    /// <summary>Where callers find it.</summary>
    public string Address { get; }

    /// <summary>Opens the door <c>HAPI_HOME/run/&lt;name&gt;.sock</c>.</summary>
    /// <param name="name">A file name of few characters.</param>
    public static ControlDoor Open(string home, string name, IRpcHandler handler)
    {
        var folder = Path.Combine(home, "run");
        PrivateFiles.Folder(folder);
        return new ControlDoor(AddressOf(folder, name + ".sock"), handler);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _serving.ContinueWith(_ => { }, TaskScheduler.Default);
        _closing.Dispose();
    }

    private async Task ServeAsync(Stream caller, CancellationToken cancellationToken)
    {
        await using var transport = new JsonLinesTransport(caller, caller, maxLineBytes: MaxLineBytes);
        await new RpcPeer(transport, _handler).RunAsync(cancellationToken);
    }

    // A socket's path must be short; a home deep in the tree gets its sockets in the temporary folder.
    private static string AddressOf(string folder, string name)
    {
        var address = Path.Combine(folder, name);
        if (Encoding.UTF8.GetByteCount(address) <= LocalSocket.MaxPathBytes)
        {
            return address;
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..8];
        var elsewhere = Path.Combine(Path.GetTempPath(), $"hapi-{Environment.UserName}-{digest}");
        PrivateFiles.Folder(elsewhere);
        return Path.Combine(elsewhere, name);
    }
}
