using System.Text.Json.Nodes;

namespace Hapi.Doctor;

/// <summary>One thing that was looked at.</summary>
/// <param name="Check">A stable word for it.</param>
/// <param name="Text">What was found, in one line.</param>
/// <param name="Advice">What to do next, when there is something to do.</param>
/// <param name="Data">The same for programs.</param>
internal sealed record Finding(string Check, Verdict Verdict, string Text, string? Advice = null, JsonNode? Data = null)
{
    public static Finding Ok(string check, string text, JsonNode? data = null) => new(check, Verdict.Ok, text, null, data);

    public static Finding Warn(string check, string text, string? advice, JsonNode? data = null) => new(check, Verdict.Warn, text, advice, data);

    public static Finding Fail(string check, string text, string? advice, JsonNode? data = null) => new(check, Verdict.Fail, text, advice, data);

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["check"] = Check, ["verdict"] = Verdict switch { Verdict.Ok => "ok", Verdict.Warn => "warn", _ => "fail" }, ["text"] = Text };
        if (Advice is not null)
        {
            json["advice"] = Advice;
        }

        if (Data is not null)
        {
            json["data"] = Data.DeepClone();
        }

        return json;
    }
}
