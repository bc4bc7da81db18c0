using System.Buffers.Text;
using Hapi.Contracts;
using Hapi.Contracts.Link;

namespace Hapi.Bench.Clients;

/// <summary>Facts as a session process writes them.</summary>
internal static class Facts
{
    private const string Prose =
        "The cursor now survives a restart of the hub: it is read from the same transaction as the rows it points at, and a client that resumes is told once whether anything was missed. "
        + "Two call sites still passed the old position; both follow the new one, and the suite passes with a fresh store and with one written by the release before.";

    private static readonly byte[] s_mark = "mark/"u8.ToArray();

    public static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    public static SessionOpened Opened(string directory) => new(
        Now, "bench", "demo", RawJson.Parse($$"""{"path":"{{directory}}","host":"bench","name":"{{directory[1..]}}"}"""), RawJson.Parse("{}"),
        new MachineIdentity("bench", RawJson.Parse("""{"host":"bench","platform":"linux"}""")));

    /// <summary>A paragraph an agent writes, with a number to know it by.</summary>
    public static MessageFact Message(long number) => new(Now, RawJson.Parse(
        $$$"""{"role":"agent","content":{"type":"codex","data":{"type":"message","message":"mark/{{{number}}}/ {{{Prose}}}"}},"meta":{"sentFrom":"cli"}}"""));

    public static MetadataPatch Retitled(string title) => new(Now, new Dictionary<string, RawJson> { ["summary"] = RawJson.Parse($$"""{"text":"{{title}}"}""") });

    /// <summary>The number of a message, wherever its text stands; <see langword="null"/> when there is none.</summary>
    public static long? NumberIn(ReadOnlySpan<byte> text)
    {
        var at = text.IndexOf(s_mark);
        return at >= 0 && Utf8Parser.TryParse(text[(at + s_mark.Length)..], out long number, out _) ? number : null;
    }
}
