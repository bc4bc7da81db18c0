using System.IO.Pipes;
using System.Net.Sockets;

namespace Hapi.Rpc;

/// <summary>A private door of one process: a Unix socket with mode 0600, on Windows a named pipe for the current user.</summary>
public static class LocalSocket
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest path that every Unix takes for a socket.</summary>
    public const int MaxPathBytes = 100;

    /// <summary>Serves each caller until the token is cancelled. The socket file is removed then. One failing caller never ends the service.</summary>
    public static async Task ServeAsync(string address, Func<Stream, CancellationToken, Task> serve, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var pipe = new NamedPipeServerStream(PipeName(address), PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances,
                    PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
                await pipe.WaitForConnectionAsync(cancellationToken);
                _ = ServeOneAsync(pipe, serve, cancellationToken);
            }

            return;
        }

        File.Delete(address);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(address));
        File.SetUnixFileMode(address, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        listener.Listen(16);
        try
        {
            while (true)
            {
                Socket caller;
                try
                {
                    caller = await listener.AcceptAsync(cancellationToken);
                }
                catch (SocketException)
                {
                    // Out of handles, or a caller that left while it came in: the next one may fare better.
                    await Task.Delay(s_pause, cancellationToken);
                    continue;
                }

                _ = ServeOneAsync(new NetworkStream(caller, ownsSocket: true), serve, cancellationToken);
            }
        }
        finally
        {
            File.Delete(address);
        }
    }

    /// <exception cref="IOException">Nobody serves there.</exception>
    public static async Task<Stream> ConnectAsync(string address, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            var pipe = new NamedPipeClientStream(".", PipeName(address), PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
            await pipe.ConnectAsync(TimeSpan.FromSeconds(1), cancellationToken);
            return pipe;
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(address), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
        catch (SocketException ex)
        {
            socket.Dispose();
            throw new IOException($"Nobody answers at {address}.", ex);
        }
    }

    private static async Task ServeOneAsync(Stream caller, Func<Stream, CancellationToken, Task> serve, CancellationToken cancellationToken)
    {
        await using (caller)
        {
            try
            {
                await serve(caller, cancellationToken);
            }
            catch (Exception ex) when (ex is IOException or OperationCanceledException or RpcException or ObjectDisposedException)
            {
                // One caller's broken connection is that caller's.
            }
        }
    }

    private static string PipeName(string address) => $"hapi-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(address)))[..24]}";
}
