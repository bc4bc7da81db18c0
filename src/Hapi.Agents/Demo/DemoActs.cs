namespace Hapi.Agents.Demo;

/// <summary>What the demo agent can play. The first word of the prompt that names one picks it.</summary>
internal enum DemoAct
{
    Talk,
    Run,
    Edit,
    Ask,
    Plan,
    Slow,
    Fail,
}

internal static class DemoActs
{
    public const string Welcome = """
        Hello, I am Hapi's **demo agent**. I have no model behind me; I play the things real agents do, so that you can see how they look and feel from a phone. Put one of these words in a message:

        - `run` asks for permission, then runs a harmless command
        - `edit` asks, then writes `hapi-demo.txt` in this folder
        - `ask` asks you a question with choices
        - `plan` shows a plan and waits for your approval
        - `slow` writes for ten seconds (try **Stop**, or reload the page)
        - `fail` shows what an error looks like
        """;

    private static readonly char[] s_separators = [' ', '\n', '\t', '\r', '.', ',', ';', ':', '!', '?', '"', '\'', '(', ')', '`', '*'];

    public static DemoAct Of(string prompt)
    {
        foreach (var word in prompt.Split(s_separators, StringSplitOptions.RemoveEmptyEntries))
        {
            switch (word.ToLowerInvariant())
            {
                case "run": return DemoAct.Run;
                case "edit": return DemoAct.Edit;
                case "ask": return DemoAct.Ask;
                case "plan": return DemoAct.Plan;
                case "slow": return DemoAct.Slow;
                case "fail": return DemoAct.Fail;
            }
        }

        return DemoAct.Talk;
    }
}
