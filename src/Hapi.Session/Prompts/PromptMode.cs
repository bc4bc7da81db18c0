namespace Hapi.Session.Prompts;

/// <summary>How the agent was set when a prompt came in. Prompts of one mode may go together; prompts of different modes never do.</summary>
internal readonly record struct PromptMode(string? PermissionMode, string? Model, string? Effort);
