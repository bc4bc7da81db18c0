using Hapi.Agents.Demo;

namespace Hapi.Agents.Tests.Demo;

public sealed class DemoActsTests
{
    [Theory]
    [InlineData("run", "Run")]
    [InlineData("Please RUN it!", "Run")]
    [InlineData("ask before you edit", "Ask")]
    [InlineData("edit, then ask", "Edit")]
    [InlineData("a `plan`, please", "Plan")]
    [InlineData("slow\nfail", "Slow")]
    [InlineData("running is not the word", "Talk")]
    [InlineData("", "Talk")]
    public void The_first_word_that_names_an_act_picks_it(string prompt, string act) => Assert.Equal(act, DemoActs.Of(prompt).ToString());
}
