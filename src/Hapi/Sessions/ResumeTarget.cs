using Hapi.Control;
using Hapi.Output;
using Hapi.Picker;

namespace Hapi.Sessions;

/// <summary>A session somebody may want to go on with in this terminal, as far as the hub and this machine know it.</summary>
/// <param name="MachineId"><see langword="null"/> when nobody knows where it ran.</param>
/// <param name="At">Its last activity, in milliseconds since 1970.</param>
/// <param name="Live">Its process, when that runs here.</param>
/// <param name="Active">The hub has a link with its process.</param>
internal sealed record ResumeTarget(
    string Id, string? Flavor, string? Directory, string? MachineId, string? Host, string State, string? Name, string? Title, string? NativeId, long At, bool Active, ProcessState? Live)
{
    public string Label => Name ?? Title ?? Id;

    public PickerRow Row(TimeProvider time) => new(
        Id, Ago.Say(At, time), Flavor ?? "?", State, Label,
        [.. new[] { Name, Title, Id, NativeId, Directory, Flavor, State }.OfType<string>()]);
}
