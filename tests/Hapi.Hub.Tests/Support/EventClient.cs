using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;

namespace Hapi.Hub.Tests.Support;

/// <summary>One frame of the event stream.</summary>
public sealed record Frame(string? Id, string Type, JsonElement Data);

/// <summary>A client of <c>GET /api/events</c>.</summary>
public sealed class EventClient : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly HttpResponseMessage _response;
    private readonly Channel<Frame> _frames = Channel.CreateUnbounded<Frame>();
    private readonly CancellationTokenSource _leaving = new();
    private readonly Task _reading;

    private EventClient(HttpClient http, HttpResponseMessage response)
    {
        (_http, _response) = (http, response);
        _reading = Task.Run(ReadAsync);
    }

    public HttpResponseMessage Response => _response;

    /// <summary>The id of the last frame that had one.</summary>
    public string? Cursor { get; private set; }

    /// <summary>Completes when the hub has ended the stream.</summary>
    public Task Ended => _reading;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<EventClient> ConnectAsync(TestHub hub, string query = "all=true", string? cursor = null, string? token = null, bool gzip = false)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AutomaticDecompression = gzip ? DecompressionMethods.GZip : DecompressionMethods.None }) { Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(hub.Address, "/api/events?" + query));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? await hub.SignInAsync());
        if (cursor is not null)
        {
            request.Headers.Add("Last-Event-ID", cursor);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new EventClient(http, response);
    }

    public async Task<Frame> NextAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        var frame = await _frames.Reader.ReadAsync(patience.Token);
        Cursor = frame.Id ?? Cursor;
        return frame;
    }

    /// <summary>The next frame of a type; others are passed over.</summary>
    public async Task<Frame> NextAsync(string type, Func<JsonElement, bool>? where = null)
    {
        while (true)
        {
            var frame = await NextAsync();
            if (frame.Type == type && (where is null || where(frame.Data)))
            {
                return frame;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        _response.Dispose();
        await _reading;
        _http.Dispose();
        _leaving.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            using var reader = new StreamReader(await _response.Content.ReadAsStreamAsync(_leaving.Token));
            (string? id, string? data) = (null, null);
            while (await reader.ReadLineAsync(_leaving.Token) is { } line)
            {
                if (line.Length == 0)
                {
                    var json = JsonElement.Parse(data!);
                    _frames.Writer.TryWrite(new Frame(id, json.GetProperty("type").GetString()!, json));
                    (id, data) = (null, null);
                }
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    Assert.Null(data);
                    data = line[6..];
                }
                else if (line.StartsWith("id: ", StringComparison.Ordinal))
                {
                    id = line[4..];
                }
                else
                {
                    Assert.Fail($"Not a line of the stream: {line}");
                }
            }
        }
        catch (Exception ex) when (ex is IOException or HttpRequestException or OperationCanceledException or ObjectDisposedException or InvalidDataException)
        {
            // The stream has ended.
        }
        finally
        {
            _frames.Writer.TryComplete();
        }
    }
}
