using System.Data.Common;

namespace Hapi.Hub.Storage;

/// <summary>The statements of the sessions table and of what hangs on it.</summary>
internal static class SessionRows
{
    private const string Columns = """
        id, namespace, tag, flavor, machine_id, seq, created_at, updated_at, metadata, metadata_version, agent_state, agent_state_version,
        model, effort, model_reasoning_effort, permission_mode, todos, todos_updated_at, pin, generation, ended_at, message_seq, epoch, head_at,
        opened_at, ready_generation, failed_generation, stop_wanted, interrupted_at, reopened_at, crashes
        """;

    public static SessionRow? Find(SqlScope sql, string id) => sql.Row($"select {Columns} from sessions where id = @id", Read, ("@id", id));

    public static List<SessionRow> List(SqlScope sql, string @namespace) =>
        sql.Rows($"select {Columns} from sessions where namespace = @namespace", Read, ("@namespace", @namespace));

    public static void Insert(SqlScope sql, SessionRow row) => Save(sql, row, $"""
        insert into sessions ({Columns}) values (@id, @namespace, @tag, @flavor, @machine_id, @seq, @created_at, @updated_at, @metadata, @metadata_version, @agent_state,
        @agent_state_version, @model, @effort, @model_reasoning_effort, @permission_mode, @todos, @todos_updated_at, @pin, @generation, @ended_at, @message_seq, @epoch, @head_at,
        @opened_at, @ready_generation, @failed_generation, @stop_wanted, @interrupted_at, @reopened_at, @crashes)
        """);

    /// <summary>Writes a row whose <c>Seq</c> is one above the one it was read with.</summary>
    /// <exception cref="WriteConflictException">Another writer has changed or removed it since.</exception>
    public static void Update(SqlScope sql, SessionRow row) => Expect(1, Save(sql, row, """
        update sessions set namespace = @namespace, tag = @tag, flavor = @flavor, machine_id = @machine_id, seq = @seq, created_at = @created_at, updated_at = @updated_at,
        metadata = @metadata, metadata_version = @metadata_version, agent_state = @agent_state, agent_state_version = @agent_state_version, model = @model, effort = @effort,
        model_reasoning_effort = @model_reasoning_effort, permission_mode = @permission_mode, todos = @todos, todos_updated_at = @todos_updated_at, pin = @pin,
        generation = @generation, ended_at = @ended_at, message_seq = @message_seq, epoch = @epoch, head_at = @head_at,
        opened_at = @opened_at, ready_generation = @ready_generation, failed_generation = @failed_generation, stop_wanted = @stop_wanted,
        interrupted_at = @interrupted_at, reopened_at = @reopened_at, crashes = @crashes where id = @id and seq = @seq - 1
        """));

    /// <summary>As <see cref="Update"/>, but only what every message moves, and leaves the documents alone: they may be large.</summary>
    /// <exception cref="WriteConflictException">Another writer has changed or removed it since.</exception>
    public static void UpdateCounters(SqlScope sql, SessionRow row) => Expect(1, sql.Execute(
        "update sessions set seq = @seq, updated_at = @updated_at, message_seq = @message_seq, epoch = @epoch, head_at = @head_at where id = @id and seq = @seq - 1",
        ("@id", row.Id), ("@seq", row.Seq), ("@updated_at", row.UpdatedAt), ("@message_seq", row.MessageSeq), ("@epoch", row.Epoch), ("@head_at", row.HeadAt)));

    /// <summary>The sessions of a namespace that have not ended.</summary>
    public static List<string> Open(SqlScope sql, string @namespace) =>
        sql.Rows("select id from sessions where namespace = @namespace and ended_at is null", r => r.GetString(0), ("@namespace", @namespace));

    /// <summary>The sessions of a namespace that were interrupted, those used last first.</summary>
    public static List<SessionRow> Interrupted(SqlScope sql, string @namespace) =>
        sql.Rows($"select {Columns} from sessions where namespace = @namespace and interrupted_at is not null order by updated_at desc, id", Read, ("@namespace", @namespace));

    /// <summary>Sessions of a namespace whose metadata mentions a text as a value.</summary>
    public static List<string> Mentioning(SqlScope sql, string @namespace, string value) => sql.Rows(
        "select id from sessions where namespace = @namespace and metadata like @pattern escape '!' order by id", r => r.GetString(0), ("@namespace", @namespace),
        ("@pattern", $"%:\"{value.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}\"%"));

    public static void Delete(SqlScope sql, string id) => sql.Execute("delete from sessions where id = @id", ("@id", id));

    private static void Expect(int rows, int written)
    {
        if (rows != written)
        {
            throw new WriteConflictException("session");
        }
    }

    private static int Save(SqlScope sql, SessionRow row, string statement) => sql.Execute(statement,
        ("@id", row.Id), ("@namespace", row.Namespace), ("@tag", row.Tag), ("@flavor", row.Flavor), ("@machine_id", row.MachineId), ("@seq", row.Seq),
        ("@created_at", row.CreatedAt), ("@updated_at", row.UpdatedAt), ("@metadata", row.Metadata), ("@metadata_version", row.MetadataVersion),
        ("@agent_state", row.AgentState), ("@agent_state_version", row.AgentStateVersion), ("@model", row.Model), ("@effort", row.Effort),
        ("@model_reasoning_effort", row.ModelReasoningEffort), ("@permission_mode", row.PermissionMode), ("@todos", row.Todos), ("@todos_updated_at", row.TodosUpdatedAt),
        ("@pin", row.Pin), ("@generation", row.Generation), ("@ended_at", row.EndedAt), ("@message_seq", row.MessageSeq), ("@epoch", row.Epoch), ("@head_at", row.HeadAt),
        ("@opened_at", row.OpenedAt), ("@ready_generation", row.ReadyGeneration), ("@failed_generation", row.FailedGeneration), ("@stop_wanted", row.StopWanted ? 1L : 0L),
        ("@interrupted_at", row.InterruptedAt), ("@reopened_at", row.ReopenedAt), ("@crashes", row.Crashes));

    private static SessionRow Read(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        Namespace = row.GetString(1),
        Tag = row.GetString(2),
        Flavor = row.GetString(3),
        MachineId = row.Text(4),
        Seq = row.GetInt64(5),
        CreatedAt = row.GetInt64(6),
        UpdatedAt = row.GetInt64(7),
        Metadata = row.GetString(8),
        MetadataVersion = row.GetInt64(9),
        AgentState = row.GetString(10),
        AgentStateVersion = row.GetInt64(11),
        Model = row.Text(12),
        Effort = row.Text(13),
        ModelReasoningEffort = row.Text(14),
        PermissionMode = row.Text(15),
        Todos = row.Text(16),
        TodosUpdatedAt = row.GetInt64(17),
        Pin = row.GetString(18),
        Generation = row.GetInt64(19),
        EndedAt = row.Number(20),
        MessageSeq = row.GetInt64(21),
        Epoch = row.GetInt64(22),
        HeadAt = row.GetInt64(23),
        OpenedAt = row.GetInt64(24),
        ReadyGeneration = row.GetInt64(25),
        FailedGeneration = row.GetInt64(26),
        StopWanted = row.GetInt64(27) != 0,
        InterruptedAt = row.Number(28),
        ReopenedAt = row.Number(29),
        Crashes = row.GetInt64(30),
    };
}
