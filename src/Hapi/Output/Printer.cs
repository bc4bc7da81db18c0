using System.Text.Json.Nodes;

namespace Hapi.Output;

/// <summary>What a command says. With <c>--json</c>, stdout is for one JSON value and everything for people goes to stderr.</summary>
internal sealed class Printer(bool json)
{
    public bool Json { get; } = json;

    /// <summary>A line for people. A terminal that is gone is no reason to fail.</summary>
    public void Line(string text = "") => Write(Json ? Console.Error : Console.Out, text);

    public static void Error(string text) => Write(Console.Error, text);

    /// <summary>The answer for programs; nothing without <c>--json</c>.</summary>
    public void Value(JsonNode value)
    {
        if (Json)
        {
            Write(Console.Out, value.ToJsonString());
        }
    }

    /// <summary>Says what went wrong. Gives the exit code.</summary>
    public int Fail(int exitCode, string code, string message)
    {
        Value(new JsonObject { ["error"] = message, ["code"] = code });
        Error($"hapi: {message}");
        return exitCode;
    }

    private static void Write(TextWriter writer, string text)
    {
        try
        {
            writer.WriteLine(text);
            writer.Flush();
        }
        catch (IOException)
        {
            // Nobody reads any more.
        }
    }
}
