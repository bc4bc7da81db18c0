using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.ModelServer.Dialects;
using Hapi.ModelServer.Scenarios;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hapi.ModelServer;

/// <summary>
/// A model that plays a scenario, on 127.0.0.1, in the APIs of Anthropic, OpenAI and Google. One server serves any number of agents at once.
/// </summary>
public sealed class ScriptedModelServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<ModelRequest> _asked = new();
    private readonly Gates _gates = new();
    private readonly WebApplication _app;
    private volatile ScenarioPlayer _player;

    private ScriptedModelServer(Scenario scenario, int port)
    {
        _player = new(scenario);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, port);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        builder.Services.AddRoutingCore().AddRequestDecompression().AddLogging(log => log.SetMinimumLevel(LogLevel.Critical));
        // A stream that waits at a gate would hold up the end.
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        _app = builder.Build();
        _app.UseRequestDecompression();
        _app.UseRouting();
        _app.Run(HandleAsync);
    }

    /// <summary>Without a slash at the end.</summary>
    public string Url => _app.Urls.Single();

    /// <summary>What was asked until now, in order.</summary>
    public IReadOnlyList<ModelRequest> Asked => [.. _asked];

    /// <param name="port">0 takes a free one.</param>
    public static async Task<ScriptedModelServer> StartAsync(Scenario scenario, int port, CancellationToken cancellationToken)
    {
        var server = new ScriptedModelServer(scenario, port);
        await server._app.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>Lets every stream go on that waits at this gate or comes to it later.</summary>
    public void Open(string gate) => _gates.Open(gate);

    /// <summary>Completes when a stream has come to this gate.</summary>
    public Task ReachedAsync(string gate, CancellationToken cancellationToken) => _gates.ReachedAsync(gate, cancellationToken);

    /// <summary>Plays another scenario from the next request on.</summary>
    public void Play(Scenario scenario) => _player = new(scenario);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        try
        {
            await RouteAsync(context, context.Request.Path.Value ?? "", context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The agent interrupted its model.
        }
        catch (Exception ex) when (ex is JsonException or InvalidDataException or KeyNotFoundException)
        {
            await JsonAsync(context, StatusCodes.Status400BadRequest, new JsonObject { ["error"] = new JsonObject { ["message"] = ex.Message } });
        }
    }

    private async Task RouteAsync(HttpContext context, string path, CancellationToken cancellationToken)
    {
        var post = HttpMethods.IsPost(context.Request.Method);
        if (post && path.Split('/') is ["", "__gates", { Length: > 0 } gate, "open"])
        {
            _gates.Open(gate);
            await JsonAsync(context, StatusCodes.Status200OK, new JsonObject { ["open"] = gate });
        }
        else if (post && path is "/__scenario")
        {
            using var reader = new StreamReader(context.Request.Body);
            Play(Scenario.Parse(await reader.ReadToEndAsync(cancellationToken)));
            await JsonAsync(context, StatusCodes.Status200OK, new JsonObject { ["ok"] = true });
        }
        else if (path is "/__asked")
        {
            await context.Response.WriteAsJsonAsync(Asked, cancellationToken);
        }
        else if (post && (path.EndsWith("/count_tokens", StringComparison.Ordinal) || path.EndsWith(":countTokens", StringComparison.Ordinal)))
        {
            await JsonAsync(context, StatusCodes.Status200OK, new JsonObject { ["input_tokens"] = 1234, ["totalTokens"] = 1234 });
        }
        else if (post && DialectFor(path) is { } dialect)
        {
            await AnswerAsync(context, dialect, path, cancellationToken);
        }
        else if (path.EndsWith("/models", StringComparison.Ordinal))
        {
            var model = new JsonObject { ["id"] = "scripted", ["object"] = "model", ["type"] = "model", ["created"] = 0, ["owned_by"] = "scenario", ["display_name"] = "Scripted" };
            await JsonAsync(context, StatusCodes.Status200OK, new JsonObject { ["object"] = "list", ["data"] = new JsonArray(model), ["models"] = new JsonArray() });
        }
        else
        {
            await JsonAsync(context, StatusCodes.Status404NotFound, new JsonObject { ["error"] = new JsonObject { ["type"] = "not_found_error", ["message"] = $"No route {path}." } });
        }
    }

    private async Task AnswerAsync(HttpContext context, IModelDialect dialect, string path, CancellationToken cancellationToken)
    {
        using var request = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: cancellationToken);
        var player = _player;
        var conversation = dialect.Read(request.RootElement, player.Knows);
        var (rule, step) = player.Choose(conversation);
        _asked.Enqueue(new(path, rule, conversation.Round, conversation.Model, conversation.Prompt, conversation.LastToolResult, [.. conversation.Tools.Select(t => t.Name)]));
        if (step.StartDelayMs > 0)
        {
            await Task.Delay(step.StartDelayMs, cancellationToken);
        }

        if (step.Error is { } error)
        {
            foreach (var (name, value) in error.Headers)
            {
                context.Response.Headers[name] = value;
            }

            await JsonAsync(context, error.Status, dialect.Refusal(error));
            return;
        }

        var answer = new Answer(step, conversation, Url);
        var stream = new ReplyStream(context.Response, answer, _gates);
        if (request.RootElement.IsTrue("stream") || path.EndsWith(":streamGenerateContent", StringComparison.Ordinal))
        {
            await stream.BeginAsync(cancellationToken);
            await dialect.StreamAsync(answer, stream, cancellationToken);
            return;
        }

        await stream.HoldAsync(cancellationToken);
        foreach (var gate in answer.Thinking.Gates.Concat(answer.Text.Gates))
        {
            await _gates.PassAsync(gate, cancellationToken);
        }

        await JsonAsync(context, StatusCodes.Status200OK, dialect.Whole(answer));
    }

    private static IModelDialect? DialectFor(string path) =>
        path.EndsWith("/messages", StringComparison.Ordinal) ? new AnthropicDialect()
        : path.EndsWith("/responses", StringComparison.Ordinal) ? new ResponsesDialect()
        : path.EndsWith("/chat/completions", StringComparison.Ordinal) ? new ChatCompletionsDialect()
        : path.EndsWith(":generateContent", StringComparison.Ordinal) || path.EndsWith(":streamGenerateContent", StringComparison.Ordinal)
            ? new GeminiDialect(path[(path.LastIndexOf('/') + 1)..path.LastIndexOf(':')])
        : null;

    private static Task JsonAsync(HttpContext context, int status, JsonNode body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }
}
