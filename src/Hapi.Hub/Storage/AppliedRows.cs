namespace Hapi.Hub.Storage;

/// <summary>Whose facts: a session's or a machine's, in its namespace. Ids of different kinds or namespaces never meet.</summary>
internal readonly record struct FactOwner(string Namespace, string Kind, string Id)
{
    public const string Session = "session";
    public const string Machine = "machine";
}

/// <summary>How far the facts of each generation of each owner are applied.</summary>
internal static class AppliedRows
{
    public static long Through(SqlScope sql, FactOwner owner, long generation) => sql.Scalar<long?>(
        "select through from applied where namespace = @namespace and kind = @kind and owner = @owner and generation = @generation",
        ("@namespace", owner.Namespace), ("@kind", owner.Kind), ("@owner", owner.Id), ("@generation", generation)) ?? 0;

    public static void SetThrough(SqlScope sql, FactOwner owner, long generation, long through) => sql.Execute("""
        insert into applied (namespace, kind, owner, generation, through) values (@namespace, @kind, @owner, @generation, @through)
        on conflict (namespace, kind, owner, generation) do update set through = excluded.through
        """, ("@namespace", owner.Namespace), ("@kind", owner.Kind), ("@owner", owner.Id), ("@generation", generation), ("@through", through));
}
