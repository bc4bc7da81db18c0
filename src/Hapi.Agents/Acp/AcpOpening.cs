using System.Text.Json;
using Hapi.Rpc;

namespace Hapi.Agents.Acp;

/// <summary>Greets an agent and opens the conversation: a new one, an old one, or a branch of an old one.</summary>
internal sealed class AcpOpening(AgentStart start, AcpConnection connection, AcpConversation conversation, string program)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120), s_signInLimit = TimeSpan.FromSeconds(20);

    /// <exception cref="AgentException">It is no ACP agent, is not signed in, does not know the conversation, does not answer, or ended.</exception>
    public async Task<AcpCapabilities> OpenAsync(CancellationToken cancellationToken)
    {
        var greeting = await AskAsync("initialize", AcpMessages.Initialize(), program, cancellationToken);
        var agent = AcpCapabilities.Read(greeting, program);
        if (greeting.Number("protocolVersion") is { } version && version != AcpMessages.ProtocolVersion)
        {
            throw new AgentException("agent_protocol", $"{agent.Label} speaks version {version} of the Agent Client Protocol, Hapi speaks version {AcpMessages.ProtocolVersion}. Use another version of the agent.");
        }

        await SignInAsync(agent, cancellationToken);
        var answer = start.NativeSessionId is { } id
            ? await ReopenAsync(id, agent, cancellationToken)
            : await NewAsync(agent, cancellationToken);
        var opened = answer.Words("sessionId") ?? (start.Fork ? null : start.NativeSessionId);
        connection.SessionId = opened ?? throw new AgentException("agent_protocol", $"{agent.Label} opened a conversation without giving its id.");
        await conversation.OpenedAsync(answer, cancellationToken);
        return agent;
    }

    /// <summary>Cursor must be told to use the login it has; it advertises the method even where it cannot do it.</summary>
    private async Task SignInAsync(AcpCapabilities agent, CancellationToken cancellationToken)
    {
        const string Cursor = "cursor_login";
        if (agent.SignIn.All(method => method.Id != Cursor))
        {
            return;
        }

        try
        {
            await connection.RequestAsync("authenticate", AcpMessages.Authenticate(Cursor), s_signInLimit, cancellationToken);
        }
        catch (Exception ex) when (ex is RpcException or TimeoutException)
        {
            // If it is really not signed in, opening the conversation says so.
        }
    }

    private Task<JsonElement> NewAsync(AcpCapabilities agent, CancellationToken cancellationToken) =>
        AskAsync("session/new", AcpMessages.Open(start.Directory, null), agent.Label, cancellationToken, agent);

    private async Task<JsonElement> ReopenAsync(string id, AcpCapabilities agent, CancellationToken cancellationToken)
    {
        conversation.Replay();
        string[] methods = start.Fork
            ? [.. agent.Fork ? ["session/fork"] : Array.Empty<string>()]
            : [.. agent.Resume ? ["session/resume"] : Array.Empty<string>(), .. agent.Load ? ["session/load"] : Array.Empty<string>()];
        foreach (var (i, method) in methods.Index())
        {
            try
            {
                return await AskAsync(method, AcpMessages.Open(start.Directory, id), agent.Label, cancellationToken, agent, reopening: true);
            }
            catch (RpcException ex) when (ex.Code is RpcException.MethodNotFound && i < methods.Length - 1)
            {
                // Announced, but not there: the other way may do.
            }
        }

        throw new AgentException("conversation_not_found", $"{agent.Label} cannot {(start.Fork ? "branch" : "reopen")} conversations.");
    }

    private async Task<JsonElement> AskAsync(
        string method, ReadOnlyMemory<byte> parameters, string label, CancellationToken cancellationToken, AcpCapabilities? agent = null, bool reopening = false)
    {
        try
        {
            return await connection.RequestAsync(method, parameters, s_limit, cancellationToken);
        }
        catch (RpcException ex) when (ex.Code is AcpErrors.AuthenticationRequired)
        {
            throw NotSignedIn(label, AcpErrors.Describe(ex), agent, ex);
        }
        catch (RpcException ex) when (reopening && ex.Code is not RpcException.MethodNotFound)
        {
            // Agents refuse an unknown conversation with five different codes.
            throw new AgentException("conversation_not_found", $"{label} could not reopen the conversation: {AcpErrors.Describe(ex)}", ex);
        }
        catch (RpcException ex) when (!reopening)
        {
            throw new AgentException("agent_protocol", $"{label} refused {method}: {AcpErrors.Describe(ex)}", ex);
        }
        catch (TimeoutException ex)
        {
            var noise = connection.LastNoise is { } line ? $" Its last line was: {AcpErrors.Shorten(line)}" : "";
            throw new AgentException("agent_timeout", $"{label} did not answer {method} within {s_limit.TotalSeconds:0} s. Check that its command starts it as an ACP agent (often a flag such as --acp).{noise}", ex);
        }
        catch (RpcClosedException ex)
        {
            var exit = await connection.Ended;
            var words = AcpErrors.Describe(label, exit, connection.LastNoise);
            throw AcpErrors.SpeaksOfSigningIn(words) ? NotSignedIn(label, words, agent, ex) : new AgentException("agent_exited", words, ex);
        }
    }

    private static AgentException NotSignedIn(string label, string words, AcpCapabilities? agent, Exception inner)
    {
        string[] ways = [.. (agent?.SignIn ?? []).Select(method => method.Description ?? method.Name).OfType<string>()];
        var hint = ways.Length == 0 ? "Sign in by running it once in a terminal." : $"It offers: {string.Join("; ", ways.Select(way => way.TrimEnd('.')))}.";
        return new AgentException("agent_not_signed_in", $"{label} is not signed in: {words.TrimEnd('.')}. {hint}", inner);
    }
}
