using Hapi.TestKit;

namespace Hapi.Rpc.Tests;

public sealed class LocalSocketTests
{
    [Fact]
    public async Task A_private_socket_serves_each_caller_and_is_gone_afterwards()
    {
        using var folder = new TempFolder();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var serving = LocalSocket.ServeAsync(folder["a.sock"], async (caller, token) =>
        {
            var line = new byte[3];
            await caller.ReadExactlyAsync(line, token);
            await caller.WriteAsync(line, token);
        }, stop.Token);

        for (var i = 0; i < 3; i++)
        {
            await using var caller = await LocalSocket.ConnectAsync(folder["a.sock"], TestContext.Current.CancellationToken);
            await caller.WriteAsync("abc"u8.ToArray(), TestContext.Current.CancellationToken);
            var back = new byte[3];
            await caller.ReadExactlyAsync(back, TestContext.Current.CancellationToken);
            Assert.Equal("abc"u8.ToArray(), back);
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["a.sock"]));
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        await Assert.ThrowsAsync<IOException>(() => LocalSocket.ConnectAsync(folder["a.sock"], CancellationToken.None));
    }
}
