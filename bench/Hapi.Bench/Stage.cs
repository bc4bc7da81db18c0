using Hapi.Bench.Hubs;

namespace Hapi.Bench;

/// <summary>What is measured, and a scratch folder that is gone afterwards.</summary>
internal sealed class Stage(string executable, string web) : IDisposable
{
    private readonly string _scratch = Directory.CreateTempSubdirectory("hapi-bench-").FullName;
    private int _folders;

    public string Executable => executable;

    /// <summary>The built web app.</summary>
    public string Web => web;

    /// <summary>How busy the machine was in the last minute: numbers of a loaded machine are worth little.</summary>
    public static string Load => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    public string NewFolder() => Directory.CreateDirectory(Path.Combine(_scratch, Interlocked.Increment(ref _folders).ToString())).FullName;

    /// <summary>A hub in an empty home.</summary>
    public Task<HubProcess> StartHubAsync(CancellationToken cancellationToken) => HubProcess.StartAsync(executable, NewFolder(), HubProcess.FreePort(), cancellationToken);

    public void Dispose() => Directory.Delete(_scratch, recursive: true);
}
