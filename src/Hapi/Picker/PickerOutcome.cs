namespace Hapi.Picker;

/// <summary>What a key did to a picker.</summary>
internal enum PickerOutcome
{
    Open,
    Chosen,
    Cancelled,
}
