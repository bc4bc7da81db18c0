using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Hapi.Hub.Auth;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Audit;

/// <summary>
/// Sign-ins, and what failed to be one. A flood of failures must not fill the disk: an address gets one row a minute at most, with the number of
/// failures since its last; and all addresses together get <see cref="MaxRowsAMinute"/>, what is above that is counted under one name.
/// </summary>
internal sealed partial class SignInAudit(HubWriter writer, TimeProvider time, ILogger<SignInAudit> logger)
{
    public const int MaxRowsAMinute = 60;
    private const string Others = "other addresses";
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, Failures> _failures = new(StringComparer.Ordinal);

    /// <param name="how"><c>token</c> or <c>pairing_code</c>.</param>
    /// <param name="lockedOut">From now on the address has to wait.</param>
    public async Task FailedAsync(string address, string how, string channel, bool lockedOut)
    {
        if (_failures.Count >= MaxRowsAMinute && !_failures.ContainsKey(address))
        {
            address = Others;
        }

        var failures = _failures.GetOrAdd(address, _ => new Failures(how, channel));
        if (failures.Count(time.GetUtcNow()) is { } count)
        {
            await WriteAsync(AuditKinds.SignInFailed, address, how, channel, count);
        }

        if (lockedOut && failures.LockOut(time.GetUtcNow()))
        {
            await WriteAsync(AuditKinds.SignInLockedOut, address, how, channel, null);
        }
    }

    public Task SucceededAsync(Identity who, Asker asker, string address) => writer.WriteAsync(scope =>
    {
        if (who.DeviceId is { } device)
        {
            DeviceRows.Seen(scope.Sql, device, scope.Now);
        }

        scope.Audit.Add(new AuditEntry(AuditKinds.SignInSucceeded, who.Namespace, asker.Actor, asker.Channel) { Subject = address });
        return true;
    }, CancellationToken.None);

    /// <summary>Writes what was counted and not told yet, and forgets addresses that are quiet.</summary>
    public async Task TickAsync()
    {
        foreach (var (address, failures) in _failures)
        {
            if (failures.Rest(time.GetUtcNow()) is not { } count)
            {
                continue;
            }

            if (count == 0)
            {
                _failures.TryRemove(address, out _);
            }
            else
            {
                await WriteAsync(AuditKinds.SignInFailed, address, failures.How, failures.Channel, count);
            }
        }
    }

    private async Task WriteAsync(string kind, string address, string how, string channel, int? count)
    {
        try
        {
            await writer.WriteAsync(scope =>
            {
                scope.Audit.Add(new AuditEntry(kind, Identity.DefaultNamespace, new AuditActor("user"), channel)
                {
                    Subject = address,
                    Reason = how,
                    After = count is { } n ? new JsonObject { ["failures"] = n } : null,
                });
                return true;
            }, CancellationToken.None);
        }
        catch (Exception ex) when (ex is System.Data.Common.DbException or HubStoppingException or WriteConflictException)
        {
            LogNotWritten(ex, kind); // the answer to a wrong token is the same whatever the store does
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Kind} could not be written into the audit.")]
    private partial void LogNotWritten(Exception exception, string kind);

    private sealed class Failures(string how, string channel)
    {
        private readonly Lock _gate = new();
        private DateTimeOffset _told = DateTimeOffset.MinValue, _locked = DateTimeOffset.MinValue;
        private int _count;

        public string How => how;

        public string Channel => channel;

        /// <summary>One more. Gives the number to tell, when it is time for a row.</summary>
        public int? Count(DateTimeOffset now)
        {
            lock (_gate)
            {
                _count++;
                return now - _told < s_minute ? null : Tell(now);
            }
        }

        /// <summary>What is not told yet, when it is time for a row: zero when nothing came for a while.</summary>
        public int? Rest(DateTimeOffset now)
        {
            lock (_gate)
            {
                return now - _told < s_minute ? null : _count == 0 ? 0 : Tell(now);
            }
        }

        /// <summary>Whether the lock-out is worth a row: one a minute.</summary>
        public bool LockOut(DateTimeOffset now)
        {
            lock (_gate)
            {
                if (now - _locked < s_minute)
                {
                    return false;
                }

                _locked = now;
                return true;
            }
        }

        private int Tell(DateTimeOffset now)
        {
            (var count, _count, _told) = (_count, 0, now);
            return count;
        }
    }
}
