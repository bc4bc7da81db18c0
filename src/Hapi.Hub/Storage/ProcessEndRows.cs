namespace Hapi.Hub.Storage;

/// <summary>A session's process on its machine.</summary>
internal readonly record struct SessionProcess(string Namespace, string SessionId, string MachineId, long Pid);

/// <summary>
/// What runners have said of the ends of session processes. Kept beside the sessions: the word may come before the facts that the process
/// itself has left.
/// </summary>
internal static class ProcessEndRows
{
    /// <summary>It is proved to be gone.</summary>
    public const string Gone = "gone";

    /// <summary>Its end was wanted.</summary>
    public const string Stopped = "stopped";

    public static void Note(SqlScope sql, SessionProcess process, string word, long at) => sql.Execute("""
        insert into process_ends (namespace, session_id, machine_id, pid, word, at) values (@namespace, @session, @machine, @pid, @word, @at)
        on conflict (namespace, session_id, machine_id, pid, word) do update set at = excluded.at
        """, ("@namespace", process.Namespace), ("@session", process.SessionId), ("@machine", process.MachineId), ("@pid", process.Pid), ("@word", word), ("@at", at));

    /// <summary>When a word was said of a process, unless that was before <paramref name="since"/>: pids come back.</summary>
    public static long? Find(SqlScope sql, SessionProcess process, string word, long since) => sql.Scalar<long?>("""
        select at from process_ends where namespace = @namespace and session_id = @session and machine_id = @machine and pid = @pid and word = @word and at >= @since
        """, ("@namespace", process.Namespace), ("@session", process.SessionId), ("@machine", process.MachineId), ("@pid", process.Pid), ("@word", word), ("@since", since));

    /// <summary>Forgets what was said of the earlier processes of a session.</summary>
    public static void Forget(SqlScope sql, string @namespace, string sessionId, long before) => sql.Execute(
        "delete from process_ends where namespace = @namespace and session_id = @session and at < @before", ("@namespace", @namespace), ("@session", sessionId), ("@before", before));
}
