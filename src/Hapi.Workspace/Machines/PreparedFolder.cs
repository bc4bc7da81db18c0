namespace Hapi.Workspace.Machines;

/// <summary>Whether a session can be started in a folder.</summary>
/// <param name="Path">Where it really is; <see langword="null"/> when it cannot.</param>
/// <param name="Missing">It is not there, and may not be made without a person's word.</param>
/// <param name="Outside">It is outside the workspace roots.</param>
/// <param name="Problem">Why not, in one sentence.</param>
public sealed record PreparedFolder(string? Path, bool Missing = false, bool Outside = false, string? Problem = null);
