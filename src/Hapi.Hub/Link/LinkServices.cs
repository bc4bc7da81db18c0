using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hapi.Contracts;
using Hapi.Contracts.Events;
using Hapi.Contracts.Link;
using Hapi.Contracts.Sessions;
using Hapi.Hub.Events;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Link;

/// <summary>What every link of the hub shares.</summary>
internal sealed class LinkServices(HubReader reader, HubWriter writer, LiveSessions live, EventFeed feed, EventLog log, TimeProvider time)
{
    public HubReader Reader => reader;

    public HubWriter Writer => writer;

    public LiveSessions Live => live;

    public EventLog Log => log;

    public TimeProvider Time => time;

    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public string Version { get; } = typeof(LinkServices).Assembly.GetName().Version!.ToString(3);

    /// <summary>Tells clients a value that changes fast. It has no place in the log.</summary>
    public void Publish<T>(string @namespace, string sessionId, T wire, JsonTypeInfo<T> type)
        where T : SyncEvent =>
        feed.Publish([new HubEvent(0, @namespace, sessionId, null, wire.Type, JsonSerializer.SerializeToUtf8Bytes(wire, type))]);

    public void PublishPresence(string @namespace, string sessionId) =>
        Publish(@namespace, sessionId, new SessionPatched(sessionId, @namespace, PresenceOf(live.Of(sessionId))), HubJson.Default.SessionPatched);

    public static SessionPatch PresenceOf(LiveSession now) => new()
    {
        Active = now.Link is not null,
        ActiveAt = now.SeenAt,
        Thinking = now.Link is not null && (now.Presence?.Thinking ?? false),
        ActiveTurnStartedAt = now.Presence?.TurnStartedAt is { } at ? JsonObjects.Raw(at.ToString(System.Globalization.CultureInfo.InvariantCulture)) : default(RawJson),
        PermissionMode = now.Presence?.PermissionMode,
        Model = now.Presence?.Model,
        Effort = now.Presence?.Effort,
    };

    /// <summary>Makes the row that a session's first fact opens.</summary>
    public SessionEdit Create(WriteScope scope, string id, string @namespace, SessionOpened opened)
    {
        var row = new SessionRow
        {
            Id = id,
            Namespace = @namespace,
            Tag = opened.Tag,
            Flavor = opened.Flavor,
            CreatedAt = Math.Min(opened.At, scope.Now),
            UpdatedAt = scope.Now,
            Metadata = "{}",
            AgentState = "{}",
        };
        SessionRows.Insert(scope.Sql, row);
        return new SessionEdit(scope, row, live);
    }

    /// <summary>Notes the machine. Gives <see langword="false"/> when it belongs to another namespace.</summary>
    public static bool Register(WriteScope scope, string @namespace, MachineIdentity machine)
    {
        var known = MachineRows.Find(scope.Sql, machine.Id);
        if (known is not null && known.Namespace != @namespace)
        {
            return false;
        }

        var merged = JsonObjects.Parse(known?.Metadata ?? "{}");
        foreach (var (key, value) in JsonObjects.Parse(machine.Metadata))
        {
            merged[key] = value?.DeepClone();
        }

        var text = merged.ToJsonString();
        if (known?.Metadata != text)
        {
            var row = new MachineRow(machine.Id, @namespace, (known?.Seq ?? 0) + 1, known?.CreatedAt ?? scope.Now, scope.Now, text, (known?.MetadataVersion ?? 0) + 1);
            MachineRows.Save(scope.Sql, row);
            var seq = EventRows.Append(scope, @namespace, null, machine.Id, EventKinds.Machine, null);
            var wire = new MachineUpdated(machine.Id, @namespace, SessionViews.Machine(row, active: true, scope.Now));
            scope.Events.Add(new HubEvent(seq, @namespace, null, machine.Id, wire.Type, JsonSerializer.SerializeToUtf8Bytes(wire, HubJson.Default.MachineUpdated)));
        }

        return true;
    }

    /// <summary>The process has been sent these: what they say of their messages moves on.</summary>
    public Task MarkSentAsync(string sessionId, IReadOnlyList<CommandRow> commands) => writer.WriteAsync(scope =>
    {
        if (SessionRows.Find(scope.Sql, sessionId) is not { } row)
        {
            return false;
        }

        var edit = new SessionEdit(scope, row, live);
        foreach (var command in commands)
        {
            if (CommandRows.Find(scope.Sql, sessionId, command.Command.Id) is not { State: "stored" })
            {
                continue; // it has been answered meanwhile
            }

            CommandRows.SetState(scope.Sql, command.Command.Id, "sent", null, scope.Now);
            if (command is { Command.Kind: CommandKinds.Message, Subject: { } subject } && MessageRows.Find(scope.Sql, sessionId, subject) is { InvokedAt: null } message)
            {
                edit.SetDelivery(message, "sent");
            }
        }

        edit.Save();
        return true;
    }, CancellationToken.None);
}
