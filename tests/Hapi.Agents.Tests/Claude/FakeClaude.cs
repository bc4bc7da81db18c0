using System.Runtime.Versioning;
using System.Text;
using Hapi.TestKit;

namespace Hapi.Agents.Tests.Claude;

/// <summary>
/// A program that behaves like Claude Code in one scripted conversation: it waits for a line, says lines, dies. What it heard is kept.
/// In what it says <c>@id@</c> is the id of the request, and <c>@uuid@</c> that of the prompt, it heard last.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class FakeClaude : IDisposable
{
    public const string Hello = """{"type":"control_response","response":{"subtype":"success","request_id":"@id@","response":{"commands":[{"name":"compact"}],"models":[{"value":"default","displayName":"Default"}],"claude_code_version":"9.9.9","current_permission_mode":"default"}}}""";
    public const string Done = """{"type":"control_response","response":{"subtype":"success","request_id":"@id@","response":{}}}""";
    public const string Init = """{"type":"system","subtype":"init","session_id":"s-1","model":"m","permissionMode":"default","slash_commands":["compact"]}""";
    public const string Call = """{"type":"assistant","message":{"id":"m1","content":[{"type":"tool_use","id":"t1","name":"Bash","input":{"command":"ls"}}]}}""";
    public const string Ask = """{"type":"control_request","request_id":"ask-1","request":{"subtype":"can_use_tool","tool_name":"Bash","input":{"command":"ls"},"tool_use_id":"t1"}}""";
    public const string Text = """{"type":"assistant","message":{"id":"m2","content":[{"type":"text","text":"Hello."}]}}""";
    public const string Result = """{"is_error":false,"num_turns":1,"duration_ms":5,"subtype":"success","result":"Hello.","session_id":"s-1","type":"result"}""";
    public const string AbortedResult = """{"is_error":true,"subtype":"error_during_execution","terminal_reason":"aborted_tools","type":"result"}""";

    private const string Player = """
        #!/bin/sh
        id=- uuid=-
        cd "$(dirname "$0")" || exit 98
        printf '%s\n' "$*" > arguments
        env > environment
        hear() {
          while IFS= read -r line; do
            printf '%s\n' "$line" >> heard
            case $line in *"$1"*)
              case $line in *'"request_id":"'*) id=${line#*'"request_id":"'}; id=${id%%'"'*};; esac
              case $line in *'"uuid":"'*) uuid=${line#*'"uuid":"'}; uuid=${uuid%%'"'*};; esac
              return;;
            esac
          done
          exit 97
        }
        say() { printf '%s\n' "$1" | sed "s/@id@/$id/g; s/@uuid@/$uuid/g"; }

        """;

    private readonly TempFolder _folder = new();
    private readonly StringBuilder _script = new(Player.ReplaceLineEndings("\n"));

    public string Heard => File.Exists(_folder["heard"]) ? File.ReadAllText(_folder["heard"]) : "";

    public string Arguments => File.ReadAllText(_folder["arguments"]);

    public string[] Environment => File.ReadAllLines(_folder["environment"]);

    /// <summary>Waits for a line that contains this.</summary>
    public FakeClaude Hears(string part) => Does($"hear {Quoted(part)}");

    public FakeClaude Says(params ReadOnlySpan<string> lines)
    {
        foreach (var line in lines)
        {
            Does($"say {Quoted(line)}");
        }

        return this;
    }

    public FakeClaude Greets() => Hears("\"initialize\"").Says(Hello);

    public FakeClaude Does(string shell)
    {
        _script.Append(shell).Append('\n');
        return this;
    }

    /// <summary>Works on until its input ends.</summary>
    public AgentStart Start() => Write("cat >> heard");

    /// <summary>Ends where the script ends.</summary>
    public AgentStart Write(string lastly)
    {
        Does(lastly);
        var program = _folder["claude"];
        File.WriteAllText(program, _script.ToString());
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new AgentStart("claude", _folder.Path, new Dictionary<string, string> { ["PATH"] = $"{_folder.Path}:/usr/bin:/bin", ["KEEP"] = "me" });
    }

    public void Dispose() => _folder.Dispose();

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
