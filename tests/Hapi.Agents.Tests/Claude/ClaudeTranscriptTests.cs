using Hapi.TestKit;

namespace Hapi.Agents.Tests.Claude;

public sealed class ClaudeTranscriptTests
{
    [Theory]
    [InlineData("api-error")]
    [InlineData("ask-user-question")]
    [InlineData("basic")]
    [InlineData("edit-file")]
    [InlineData("exit-plan-mode")]
    [InlineData("hang-interrupt")]
    [InlineData("image")]
    [InlineData("interrupt")]
    [InlineData("interrupt-in-shell")]
    [InlineData("mcp")]
    [InlineData("mode-auto")]
    [InlineData("modes")]
    [InlineData("no-key")]
    [InlineData("no-stdio-tool")]
    [InlineData("perm-allow")]
    [InlineData("perm-always")]
    [InlineData("perm-deny")]
    [InlineData("perm-deny-interrupt")]
    [InlineData("plan-file")]
    [InlineData("queue-while-busy")]
    [InlineData("resume-4-missing")]
    [InlineData("retry-529")]
    [InlineData("slash")]
    [InlineData("subagent")]
    public void A_recorded_conversation_means(string name) => Golden.Matches(Replay.Transcript(name), name);
}
