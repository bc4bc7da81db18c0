using System.Collections.Concurrent;

namespace Hapi.Hub.Auth;

/// <summary>Slows guessing: after some failures from an address, it waits, longer each time. A success forgets.</summary>
internal sealed class SignInLimit(TimeProvider time)
{
    private const int FreeAttempts = 10, MaxAddresses = 10_000;
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(5), s_longest = TimeSpan.FromMinutes(15), s_forget = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, Record> _records = new();

    /// <summary>How long this address still has to wait; zero when it may try.</summary>
    public TimeSpan Wait(string address) =>
        _records.TryGetValue(address, out var record) && record.Until > time.GetUtcNow() ? record.Until - time.GetUtcNow() : TimeSpan.Zero;

    public void Failed(string address)
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
    }

    public void Succeeded(string address) => _records.TryRemove(address, out _);

    private sealed record Record(int Failures, DateTimeOffset Last, DateTimeOffset Until);
}
