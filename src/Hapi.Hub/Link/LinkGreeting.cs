using System.Globalization;
using System.Text.Json;
using Hapi.Contracts.Link;
using Hapi.Hub.Auth;
using Hapi.Hub.Storage;
using Hapi.Rpc;

namespace Hapi.Hub.Link;

/// <summary>A hello that may come in: what it is answered, how far its owner's facts are applied, and which role its link has.</summary>
internal sealed class LinkGreeting
{
    private const int Refused = -32000;
    private const int MaxOlder = 1000;

    private LinkGreeting(string role, FactOwner owner, long generation, string? machineId, Dictionary<long, long> through, HelloResult answer) =>
        (Role, Owner, Generation, MachineId, Through, Answer) = (role, owner, generation, machineId, through, answer);

    public Dictionary<long, long> Through { get; }

    public HelloResult Answer { get; }

    private string Role { get; }

    private FactOwner Owner { get; }

    private long Generation { get; }

    // Known from before: the owner has been opened.
    private string? MachineId { get; }

    /// <exception cref="RpcException">The process may not come in; the code says why.</exception>
    public static async Task<LinkGreeting> ReadAsync(JsonElement parameters, Identity who, LinkServices services, CancellationToken cancellationToken)
    {
        var hello = Parse(parameters);
        var owner = OwnerOf(hello, who.Namespace);
        if (hello.Protocol != LinkMethods.Protocol)
        {
            throw new RpcException(RpcException.InvalidParams, $"This hub speaks protocol {LinkMethods.Protocol}. Update the older side.", "protocol_not_supported");
        }

        var (known, through, older, open) = await services.Reader.ReadAsync(sql => (
            Find(sql, owner),
            AppliedRows.Through(sql, owner, hello.Generation),
            (hello.Older ?? []).Distinct().ToDictionary(g => g, g => AppliedRows.Through(sql, owner, g)),
            hello.Role is LinkRoles.Session ? CommandRows.Open(sql, owner.Id).Count : 0), cancellationToken);
        if (known is { } row && row.Namespace != who.Namespace)
        {
            throw new RpcException(Refused, $"This {owner.Kind} belongs to another namespace.", "access-denied");
        }

        // What a courier brings is old by its nature.
        if (hello.Role is not LinkRoles.Courier && hello.Generation < Math.Max(known?.Generation ?? 0, hello.Role is LinkRoles.Runner ? services.Machines.RunnerGeneration(owner.Id) : 0))
        {
            throw new RpcException(Refused, $"A newer process runs this {owner.Kind}.", "superseded");
        }

        var answer = new HelloResult(LinkMethods.Protocol, through, new HubIdentity(services.Ids.StoreId, LinkServices.Version), open,
            older.Count == 0 ? null : older.ToDictionary(o => o.Key.ToString(CultureInfo.InvariantCulture), o => o.Value));
        older[hello.Generation] = through;
        return new(hello.Role, owner, hello.Generation, known?.MachineId, older, answer);
    }

    public ILinkRole RoleOf(ProcessLink link, LinkServices services) => Role switch
    {
        LinkRoles.Runner => new RunnerRole(Owner, Generation, MachineId is not null, link, services),
        LinkRoles.Courier => new CourierRole(Owner),
        _ => new SessionRole(Owner, MachineId, link, services),
    };

    private static HelloRequest Parse(JsonElement parameters)
    {
        try
        {
            if (parameters.Deserialize(LinkJson.Default.HelloRequest) is { Generation: > 0 } hello
                && !(hello.Older is { } named && (named.Count > MaxOlder || named.Any(g => g <= 0 || g >= hello.Generation))))
            {
                return hello;
            }
        }
        catch (JsonException)
        {
            // Told below.
        }

        throw Invalid();
    }

    private static FactOwner OwnerOf(HelloRequest hello, string @namespace) => hello switch
    {
        { Role: LinkRoles.Session or LinkRoles.Courier, SessionId: { } session } when IsId(session) => new(@namespace, FactOwner.Session, session),
        { Role: LinkRoles.Runner, MachineId: { } machine } when IsId(machine) => new(@namespace, FactOwner.Machine, machine),
        _ => throw Invalid(),
    };

    private static bool IsId(string id) => id.Length is > 0 and <= 100 && id.All(c => c is > ' ' and <= '~');

    private static RpcException Invalid() => new(RpcException.InvalidParams,
        "A hello needs a generation and a role: \"session\" or \"courier\" with a session id, \"runner\" with a machine id.", "invalid_hello");

    private static Known? Find(SqlScope sql, FactOwner owner) => owner.Kind is FactOwner.Machine
        ? MachineRows.Find(sql, owner.Id) is { } machine ? new(machine.Namespace, machine.Generation, machine.Id) : null
        : SessionRows.Find(sql, owner.Id) is { } session ? new(session.Namespace, session.Generation, session.MachineId ?? "") : null;

    private sealed record Known(string Namespace, long Generation, string MachineId);
}
