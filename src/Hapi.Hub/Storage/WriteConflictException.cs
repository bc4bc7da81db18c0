namespace Hapi.Hub.Storage;

/// <summary>A row was changed by another writer between being read and being written. Nothing was written; with fresh rows it may go through.</summary>
internal sealed class WriteConflictException(string what) : Exception($"The {what} was changed by another writer meanwhile.");
