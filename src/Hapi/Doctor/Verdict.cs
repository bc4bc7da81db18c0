namespace Hapi.Doctor;

/// <summary>How a finding is meant.</summary>
internal enum Verdict
{
    Ok,
    Warn,
    Fail,
}
