namespace Hapi.Hub.Storage;

/// <summary>The hub is stopping and takes no more writes.</summary>
internal sealed class HubStoppingException() : Exception("The hub is stopping.");
