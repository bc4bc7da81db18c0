namespace Hapi.Doctor;

/// <summary>What lies where a runner leaves its state.</summary>
internal enum RunnerFileKind
{
    Missing,
    Ours,

    /// <summary>The file of the HAPI this one lives beside.</summary>
    Upstream,

    Damaged,
}
