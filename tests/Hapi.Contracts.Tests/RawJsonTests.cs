using System.Text.Json;
using Hapi.Contracts.Link;

namespace Hapi.Contracts.Tests;

public sealed class RawJsonTests
{
    [Theory]
    [InlineData("null")]
    [InlineData("0")]
    [InlineData("1.50")]
    [InlineData("\"a\\u0041\\ud83d\\ude00\"")]
    [InlineData("""{"b":1,"a":[true,false,null],"":{}}""")]
    public void A_value_is_carried_byte_for_byte(string json)
    {
        var written = JsonSerializer.SerializeToUtf8Bytes(new CallRequest("s", 1, RawJson.Parse(json)), LinkJson.Default.CallRequest);
        Assert.Equal(json, JsonSerializer.Deserialize(written, LinkJson.Default.CallRequest)!.Args.ToString());
    }

    [Fact]
    public void What_is_no_json_is_refused() => Assert.ThrowsAny<JsonException>(() => RawJson.Parse("{half"));

    [Fact]
    public void Nothing_is_null()
    {
        Assert.True(default(RawJson).IsNull);
        Assert.Equal("null", default(RawJson).ToString());
        Assert.Equal(default, RawJson.Parse("null"));
    }
}
