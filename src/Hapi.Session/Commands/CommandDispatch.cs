using System.Text.Json;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Link;
using Hapi.Session.Lifecycles;
using Hapi.Session.Permissions;
using Hapi.Session.Prompts;
using Hapi.Session.Turns;
using Hapi.Workspace;

namespace Hapi.Session.Commands;

/// <summary>What the hub wants, handed to whoever does it. Each command is answered by a fact, once it is safe.</summary>
internal sealed class CommandDispatch(
    Outbox outbox, SessionLog log, PromptInbox prompts, PermissionDesk permissions, ConfigDesk config, AgentSeat seat, WorkspaceCalls workspace, Lifecycle lifecycle, IStatusLines lines) : ILinkHandler
{
    public async Task OnCommandAsync(Command command, CancellationToken cancellationToken)
    {
        if (lifecycle.IsEnding && command.Kind is not CommandKinds.Stop)
        {
            await log.RefuseAsync(command, CommandRefusals.SessionEnding);
            return;
        }

        await (command.Kind switch
        {
            CommandKinds.Message => prompts.AcceptAsync(command),
            CommandKinds.MessageCancel => prompts.CancelAsync(command),
            CommandKinds.MessageRetry => prompts.RetryAsync(command),
            CommandKinds.PermissionAnswer => permissions.AnswerAsync(command),
            CommandKinds.ConfigSet => Configure(command),
            CommandKinds.Abort => OnceAsync(command, () => _ = seat.Current?.AbortAsync(CancellationToken.None)),
            CommandKinds.Stop => OnceAsync(command, () => lifecycle.End(EndCause.Archived, by: command.By)),
            CommandKinds.Switch => log.RefuseAsync(command, CommandRefusals.NotSupported, "This session has no terminal of its own to switch to."),
            _ => log.RefuseAsync(command, CommandRefusals.UnknownKind),
        });
    }

    public Task<RawJson?> OnCallAsync(string name, RawJson args, CancellationToken cancellationToken) =>
        name is MachineCalls.HandOffLocal ? Task.FromResult<RawJson?>(new RawJson("""{"ok":true}"""u8.ToArray())) : workspace.HandleAsync(name, args, cancellationToken);

    /// <summary>Only now does the end begin: who asked has the answer before the link goes.</summary>
    public void Answered(string name, JsonElement args)
    {
        if (name is MachineCalls.HandOffLocal)
        {
            var by = args.ValueKind is JsonValueKind.Object && args.TryGetProperty("by", out var who) && who.ValueKind is JsonValueKind.String ? who.GetString() : null;
            lifecycle.End(EndCause.HandedOff, by: by);
        }
    }

    private Task Configure(Command command)
    {
        config.Begin(command);
        return Task.CompletedTask;
    }

    private async Task OnceAsync(Command command, Action act)
    {
        if (await outbox.AcceptAsync(command, null, new CommandAccepted(log.Now, command.Id), CancellationToken.None))
        {
            lines.Say($"{command.By ?? "Somebody"} asks for: {command.Kind}");
            act();
        }
    }
}
