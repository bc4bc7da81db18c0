using System.ComponentModel.DataAnnotations;

namespace Hapi.Contracts.Api;

public sealed record ResumeRequest(string? PermissionMode = null);

public sealed record ResumeResponse([property: AllowedValues("success")] string Type, string SessionId);

/// <summary><c>Resumed</c> is false for a session that was running already.</summary>
public sealed record ReopenResponse(bool Ok, string SessionId, bool Resumed);

/// <summary>Without a machine, those of all.</summary>
public sealed record ReopenAllRequest(string? MachineId = null);

/// <summary>The sessions that are being brought back, one after the other. One that cannot be has a <c>reopenError</c> in its metadata.</summary>
public sealed record ReopenAllResponse(bool Ok, IReadOnlyList<string> Sessions);
