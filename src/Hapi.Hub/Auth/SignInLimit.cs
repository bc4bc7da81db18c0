using System.Collections.Concurrent;
using Hapi.Hub.Http;

namespace Hapi.Hub.Auth;

/// <summary>Slows guessing: after some failures from an address, it waits, longer each time. A success forgets.</summary>
internal sealed class SignInLimit(TimeProvider time, bool behindProxy)
{
    public const int FreeAttempts = 10;
    private const int MaxAddresses = 10_000;
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(5), s_longest = TimeSpan.FromMinutes(15), s_forget = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, Record> _records = new();

    /// <summary>
    /// Where a request comes from. A proxy of this machine names the client last in its header; anybody else's header is only a claim.
    /// </summary>
    public string AddressOf(HttpContext context)
    {
        var remote = context.Connection.RemoteIpAddress;
        var forwarded = context.Request.Headers["X-Forwarded-For"].ToString();
        return behindProxy && remote is not null && System.Net.IPAddress.IsLoopback(remote) && forwarded.Length > 0
            ? forwarded.Split(',')[^1].Trim()
            : remote?.ToString() ?? "";
    }

    /// <summary>An answer that asks an address to wait; <see langword="null"/> when it may try.</summary>
    public IResult? Refuse(HttpContext context, string address)
    {
        var wait = Wait(address);
        if (wait <= TimeSpan.Zero)
        {
            return null;
        }

        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Bodies.Fail(StatusCodes.Status429TooManyRequests, $"Too many failed attempts. Try again in {seconds} s.", ErrorCodes.RateLimited);
    }

    /// <summary>How long this address still has to wait; zero when it may try.</summary>
    public TimeSpan Wait(string address) =>
        _records.TryGetValue(address, out var record) && record.Until > time.GetUtcNow() ? record.Until - time.GetUtcNow() : TimeSpan.Zero;

    /// <summary>Gives whether the address has to wait from now on.</summary>
    public bool Failed(string address)
    {
        var now = time.GetUtcNow();
        if (_records.Count > MaxAddresses)
        {
            foreach (var (old, _) in _records.Where(r => now - r.Value.Last > s_forget || r.Value.Until < now))
            {
                _records.TryRemove(old, out _);
            }
        }

        _records.AddOrUpdate(address, _ => new Record(1, now, now), (_, record) =>
        {
            var failures = now - record.Last > s_forget ? 1 : record.Failures + 1;
            var wait = failures < FreeAttempts ? TimeSpan.Zero : s_first * Math.Pow(2, Math.Min(failures - FreeAttempts, 16));
            return new Record(failures, now, now + (wait < s_longest ? wait : s_longest));
        });
        return Wait(address) > TimeSpan.Zero;
    }

    public void Succeeded(string address) => _records.TryRemove(address, out _);

    private sealed record Record(int Failures, DateTimeOffset Last, DateTimeOffset Until);
}
