using Hapi.Contracts;
using Hapi.Rpc;

namespace Hapi.Hub.Sessions;

/// <summary>How a question to a process ended. <c>Problem</c> is <see langword="null"/> when <c>Result</c> is its answer.</summary>
internal readonly record struct CallResult(RawJson Result, string? Problem, string? Message = null)
{
    public const string NotRegistered = "handler-not-registered";
    public const string Disconnected = "socket-disconnected";
    public const string TimedOut = "timeout";
    public const string Failed = "failed";
}

/// <summary>Questions to session processes. Never stored; when nobody can answer, the failure says which kind it is.</summary>
internal sealed class SessionCalls(LiveSessions live)
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public async Task<CallResult> CallAsync(string sessionId, string name, RawJson args, CancellationToken cancellationToken)
    {
        if (live.Of(sessionId).Link is not { } link)
        {
            return new(default, CallResult.Disconnected, "The session is not connected.");
        }

        try
        {
            return new(await link.CallAsync(name, args, Deadline, cancellationToken), null);
        }
        catch (RpcException ex) when (ex.Code == RpcException.MethodNotFound)
        {
            return new(default, CallResult.NotRegistered, ex.Message);
        }
        catch (RpcException ex)
        {
            return new(default, CallResult.Failed, ex.Message);
        }
        catch (RpcClosedException)
        {
            return new(default, CallResult.Disconnected, "The session lost its connection.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(default, CallResult.TimedOut, "The session did not answer in time.");
        }
    }
}
