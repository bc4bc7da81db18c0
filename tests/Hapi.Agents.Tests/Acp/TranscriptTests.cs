using Hapi.TestKit;

namespace Hapi.Agents.Tests.Acp;

/// <summary>Recordings of real agents, and what the adapter makes of them.</summary>
public sealed class TranscriptTests
{
    private static readonly string s_folder = SourceTree.At("tests", "Hapi.Agents.Tests", "Acp", "Transcripts");

    public static TheoryData<string> Recordings => [.. Directory.GetFiles(s_folder, "*.jsonl").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task A_recorded_agent_reads_as_it_did(string recording) =>
        Golden.Matches(await Replay.RunAsync(Path.Combine(s_folder, $"{recording}.jsonl"), TestContext.Current.CancellationToken), recording);
}
