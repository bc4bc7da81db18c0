namespace Hapi.Session;

/// <summary>Where a session says, in plain lines, what goes on. It must never throw: a terminal may be gone.</summary>
public interface IStatusLines
{
    void Say(string line);
}
