using Hapi.TestKit;

namespace Hapi.Hub.Tests.OpenApi;

public sealed class OpenApiTests
{
    private const string Renew = "Run this test with HAPI_GOLDEN=write, then read the difference in git.";

    [Fact]
    public async Task Committed_document_is_what_the_hub_serves()
    {
        var path = SourceTree.At("web", "openapi.json");
        var actual = await OpenApiDocument.WriteAsync();
        if (Environment.GetEnvironmentVariable("HAPI_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, actual, TestContext.Current.CancellationToken);
        }

        Assert.True(File.Exists(path), $"There is no {path}. {Renew}");
        var committed = (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
        Assert.True(committed == actual, $"{path} is stale. {Renew}");
    }
}
