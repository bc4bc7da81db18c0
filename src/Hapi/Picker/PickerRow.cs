namespace Hapi.Picker;

/// <summary>One line to pick.</summary>
/// <param name="Search">What is typed must stand in one of these.</param>
internal sealed record PickerRow(string Id, string When, string Agent, string State, string Title, IReadOnlyList<string> Search);
