using System.Text;
using Hapi.Hub.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hapi.Hub.Tests.Web;

public sealed class WebFilesTests
{
    private static readonly WebFiles s_files = new(new Dictionary<string, byte[]>
    {
        ["index.html"] = "<html>"u8.ToArray(),
        ["index.html.br"] = "BR"u8.ToArray(),
        ["sw.js"] = "worker"u8.ToArray(),
        ["assets/app-1a2b.js"] = "code"u8.ToArray(),
    });

    [Theory]
    [InlineData("/", "<html>", "text/html; charset=utf-8", "no-cache")]
    [InlineData("/sessions/s1", "<html>", "text/html; charset=utf-8", "no-cache")]
    [InlineData("/assets/app-1a2b.js", "code", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable")]
    [InlineData("/sw.js", "worker", "text/javascript; charset=utf-8", "no-store, no-cache, must-revalidate")]
    public async Task A_path_gives_its_file_or_the_app(string path, string body, string type, string caching)
    {
        var (context, text) = await AskAsync("GET", path);

        Assert.Equal((200, body, type), (context.Response.StatusCode, text, context.Response.ContentType));
        Assert.Equal(caching, context.Response.Headers.CacheControl);
    }

    [Theory]
    [InlineData("/assets/app-old.js")]
    [InlineData("/assets/")]
    public async Task An_asset_of_an_earlier_version_is_404_and_not_the_app(string path) => Assert.Equal(404, (await AskAsync("GET", path)).Context.Response.StatusCode);

    [Theory]
    [InlineData("br", "BR")]
    [InlineData("gzip, br;q=0.5", "BR")]
    [InlineData("br;q=0", "<html>")]
    [InlineData("", "<html>")]
    public async Task Brotli_goes_to_who_takes_it(string accept, string body)
    {
        var (context, text) = await AskAsync("GET", "/", c => c.Request.Headers.AcceptEncoding = accept);

        Assert.Equal((body, body is "BR" ? "br" : ""), (text, context.Response.Headers.ContentEncoding.ToString()));
        Assert.Equal("Accept-Encoding", context.Response.Headers.Vary);
    }

    [Fact]
    public async Task Who_has_the_file_is_not_sent_it_again()
    {
        var tag = (await AskAsync("GET", "/")).Context.Response.Headers.ETag.ToString();

        foreach (var known in new[] { tag, $"\"other\", {tag}", $"W/{tag}", "*" })
        {
            var (context, text) = await AskAsync("GET", "/", c => c.Request.Headers.IfNoneMatch = known);
            Assert.Equal((304, ""), (context.Response.StatusCode, text));
        }

        Assert.Equal(200, (await AskAsync("GET", "/", c => c.Request.Headers.IfNoneMatch = "\"other\"")).Context.Response.StatusCode);
    }

    [Fact]
    public async Task Head_is_get_without_a_body_and_nothing_else_is_taken()
    {
        var (context, text) = await AskAsync("HEAD", "/");

        Assert.Equal((200, "", 6L), (context.Response.StatusCode, text, context.Response.ContentLength));
        Assert.Equal(405, (await AskAsync("POST", "/")).Context.Response.StatusCode);
    }

    [Fact]
    public async Task A_hub_without_the_app_says_how_to_build_it()
    {
        var context = Context("GET", "/");
        await new WebFiles(new Dictionary<string, byte[]>()).ServeAsync(context);

        Assert.Equal(503, context.Response.StatusCode);
    }

    private static async Task<(HttpContext Context, string Text)> AskAsync(string method, string path, Action<HttpContext>? change = null)
    {
        var context = Context(method, path);
        change?.Invoke(context);
        await s_files.ServeAsync(context);
        return (context, Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()));
    }

    private static DefaultHttpContext Context(string method, string path)
    {
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().BuildServiceProvider() };
        (context.Request.Method, context.Request.Path, context.Response.Body) = (method, path, new MemoryStream());
        return context;
    }
}
