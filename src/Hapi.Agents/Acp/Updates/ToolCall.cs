using System.Text.Json;
using Hapi.Contracts;

namespace Hapi.Agents.Acp.Updates;

/// <summary>One call of a tool, put together from everything an agent says about it.</summary>
internal sealed class ToolCall(string id)
{
    private string? _ownName, _shownAs;
    private string _contentText = "";
    private JsonElement? _rawOutput;

    public string Id => id;

    public string Name => _ownName ?? ToolNames.OfKind(Kind, Title, Diffs is [{ Old: null }]);

    public string? Title { get; private set; }

    public string? Kind { get; private set; }

    public string Status { get; private set; } = "pending";

    public string? Path { get; private set; }

    public JsonElement? RawInput { get; private set; }

    /// <summary>The agent gives inputs as such, though this one may be empty yet.</summary>
    public bool HasRawInput { get; private set; }

    public JsonElement? StreamedInput { get; private set; }

    /// <summary>The input as the permission request has it.</summary>
    public JsonElement? AskedInput { get; private set; }

    public string? AskedText { get; private set; }

    public IReadOnlyList<ToolDiff> Diffs { get; private set; } = [];

    public bool IsDenied { get; set; }

    public bool IsReturned { get; private set; }

    public int TimesShown { get; private set; }

    public bool HasEnded => Status is "completed" or "failed" or "cancelled" or "canceled";

    public bool HasInput => ToolInput.IsUsable(RawInput) || StreamedInput is not null;

    /// <summary>Takes what <c>tool_call</c> or <c>tool_call_update</c> says: what it leaves out stays.</summary>
    public void Merge(JsonElement update, bool isFirst)
    {
        Identify(update, isFirst);
        Title = update.Words("title") ?? Title;
        Status = update.Words("status") ?? Status;
        if (update.Member("rawInput") is { ValueKind: not JsonValueKind.Null } input)
        {
            HasRawInput = true;
            RawInput = ToolInput.IsUsable(input) || !ToolInput.IsUsable(RawInput) ? input : RawInput;
        }

        if (update.Member("content") is { ValueKind: JsonValueKind.Array })
        {
            _contentText = ToolInput.TextOf(update);
            StreamedInput = !HasEnded && !HasInput ? ToolInput.InText(update) : StreamedInput;
        }

        _rawOutput = update.Member("rawOutput") ?? _rawOutput;
    }

    /// <summary>Takes what a permission request says of the call. Its title and text may be cut short (Kimi); they count only where nothing better is known.</summary>
    public void MergeAsked(JsonElement asked)
    {
        var isFirst = TimesShown == 0 && Title is null;
        Identify(asked, isFirst);
        Title ??= asked.Words("title");
        AskedInput = asked.Object("rawInput") ?? AskedInput;
        if (!HasInput && AskedInput is null && ToolInput.TextOf(asked) is { Length: > 0 } text)
        {
            StreamedInput = ToolInput.InText(asked);
            AskedText = StreamedInput is null ? text : null;
        }
    }

    /// <summary>Gives the call as it is now, unless it was shown just so before.</summary>
    public ToolCalled? Show()
    {
        var input = ToolInput.Build(this, asAsked: false);
        var title = Title == Name ? null : Title;

        // A title only says again what stands in the input, and some agents change it with every step.
        var now = $"{Name}\n{Kind}\n{(HasInput ? null : title)}\n{input}";
        if (now == _shownAs)
        {
            return null;
        }

        _shownAs = now;
        TimesShown++;
        return new ToolCalled(Id, Name, input, Status, title, Kind);
    }

    /// <summary>The call as it is asked about.</summary>
    public RawJson Input() => ToolInput.Build(this, asAsked: true);

    public ToolReturned Return()
    {
        IsReturned = true;
        return new ToolReturned(Id, ToolOutput.Build(_rawOutput, _contentText, Diffs.Count > 0), Status is not "completed");
    }

    /// <summary>Ends a call of which the agent will say no more.</summary>
    public ToolReturned Close(string words, bool isError)
    {
        IsReturned = true;
        return new ToolReturned(Id, ToolOutput.Text(words), isError);
    }

    private void Identify(JsonElement call, bool isFirst)
    {
        // A name found later is not better than the first, but for the one a tool has of its own.
        _ownName = ToolNames.Own(Id, call, isFirst) ?? _ownName;
        Kind = call.Words("kind") ?? Kind;
        Path = call.Items("locations").Select(location => location.Words("path")).FirstOrDefault(path => path is not null) ?? Path;
        if (ToolDiff.Read(call) is { Count: > 0 } diffs)
        {
            Diffs = diffs;
        }
    }
}
