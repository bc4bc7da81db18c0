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

    /// <summary>Nobody is there to answer.</summary>
    public bool IsTargetMissing => Problem is NotRegistered or Disconnected;

    /// <summary>What became of a question on a link. It never faults, unless the asker gives up.</summary>
    /// <param name="who">Who is asked, for people: <c>The session</c>.</param>
    public static async Task<CallResult> OfAsync(Task<RawJson> asking, string who, CancellationToken cancellationToken)
    {
        try
        {
            return new(await asking, null);
        }
        catch (RpcException ex) when (ex.Code == RpcException.MethodNotFound)
        {
            return new(default, NotRegistered, ex.Message);
        }
        catch (RpcException ex)
        {
            return new(default, Failed, ex.Message);
        }
        catch (RpcClosedException)
        {
            return new(default, Disconnected, $"{who} lost its connection.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(default, TimedOut, $"{who} did not answer in time.");
        }
    }
}

/// <summary>Questions to session processes. Never stored; when nobody can answer, the failure says which kind it is.</summary>
internal sealed class SessionCalls(LiveSessions live)
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public Task<CallResult> CallAsync(string sessionId, string name, RawJson args, CancellationToken cancellationToken) => live.Of(sessionId).Link is { } link
        ? CallResult.OfAsync(link.CallAsync(name, args, Deadline, cancellationToken), "The session", cancellationToken)
        : Task.FromResult(new CallResult(default, CallResult.Disconnected, "The session is not connected."));
}
