namespace Hapi.Hub.Sessions;

/// <summary>Whether a session can be used by a caller.</summary>
internal enum Access
{
    Granted,
    Missing,
    Foreign,
}
