namespace Hapi.Workspace;

/// <summary>A question that is refused. <c>Message</c> is one sentence for a person.</summary>
internal sealed class WorkspaceException(string message) : Exception(message);
