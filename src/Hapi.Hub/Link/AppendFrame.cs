using System.Text.Json;
using System.Text.Unicode;
using Hapi.Contracts;
using Hapi.Contracts.Link;

namespace Hapi.Hub.Link;

/// <summary>The parameters of one <c>append</c>. Its facts are slices of one copy of the frame: nothing in them is read here.</summary>
internal sealed record AppendFrame(string Owner, long Generation, long First, IReadOnlyList<RawJson> Facts)
{
    /// <summary>Deeper than any fact may be: a fact that nests too deeply must arrive to be refused, or it would come again for ever.</summary>
    public const int MaxDepth = 1024;

    private static readonly JsonReaderOptions s_options = new() { MaxDepth = MaxDepth };

    public long Last => First + Facts.Count - 1;

    /// <exception cref="JsonException">The parameters have another shape.</exception>
    public static AppendFrame Read(ReadOnlySpan<byte> parameters)
    {
        if (!Utf8.IsValid(parameters))
        {
            throw new JsonException("The frame is not UTF-8.");
        }

        try
        {
            return Scan(parameters.ToArray());
        }
        catch (InvalidOperationException ex)
        {
            throw new JsonException("A member has another type.", ex);
        }
        catch (FormatException ex)
        {
            throw new JsonException("A number is no integer.", ex);
        }
    }

    private static AppendFrame Scan(byte[] frame)
    {
        var reader = new Utf8JsonReader(frame, s_options);
        (string? owner, long generation, long first, List<RawJson>? facts) = (null, 0, 0, null);
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
        {
            throw new JsonException("The parameters are no object.");
        }

        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var name = reader.ValueTextEquals("owner"u8) ? 'o'
                : reader.ValueTextEquals("generation"u8) ? 'g'
                : reader.ValueTextEquals("first"u8) ? 'f'
                : reader.ValueTextEquals("facts"u8) ? 'a' : ' ';
            reader.Read();
            switch (name)
            {
                case 'o': owner = reader.GetString(); break;
                case 'g': generation = reader.GetInt64(); break;
                case 'f': first = reader.GetInt64(); break;
                case 'a': facts = Slices(frame, ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return owner is not null && facts is not null ? new(owner, generation, first, facts) : throw new JsonException("A member is missing.");
    }

    private static List<RawJson> Slices(byte[] frame, ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            throw new JsonException("The facts are no array.");
        }

        var facts = new List<RawJson>(LinkLimits.MaxFactsPerFrame);
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            facts.Add(new RawJson(frame.AsMemory(start, (int)reader.BytesConsumed - start)));
        }

        return facts;
    }
}
