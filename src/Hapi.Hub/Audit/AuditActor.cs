namespace Hapi.Hub.Audit;

/// <summary>Who or what did it. <c>Kind</c> is <c>user</c>, <c>device</c>, <c>runner</c>, <c>session</c>, <c>hub</c>, <c>cli</c> or <c>agent</c>.</summary>
internal sealed record AuditActor(string Kind, string? Id = null, string? Name = null)
{
    public static readonly AuditActor Hub = new("hub");

    /// <summary>The person at the machine itself: a key of the terminal, or its window closed.</summary>
    public static readonly AuditActor AtTerminal = new("user", null, "terminal");

    public static AuditActor Session(string id) => new("session", id);

    public static AuditActor Agent(string flavor) => new("agent", null, flavor);

    public static AuditActor Runner(string machineId, string? host = null) => new("runner", machineId, host);

    public static AuditActor Cli(string? name = null) => new("cli", null, name);
}
