using Hapi.Contracts.Api;
using Hapi.Contracts.Link;
using Hapi.Hub.Audit;
using Hapi.Hub.Events;
using Hapi.Hub.Http;
using Hapi.Hub.Link;

namespace Hapi.Hub.Auth;

/// <summary>Signing in, pairing, and the devices that may.</summary>
internal static class AuthEndpoints
{
    private const int MaxName = 80;

    public static void MapAuth(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/auth", SignInAsync).AllowAnonymous().Reads<AuthRequest>().Produces<AuthResponse>().Produces<ApiError>(400).Produces<ApiError>(401).Produces<ApiError>(429);
        routes.MapPost("/api/pair", PairAsync).AllowAnonymous().Reads<PairRequest>().Produces<PairResponse>().Produces<ApiError>(400).Produces<ApiError>(401).Produces<ApiError>(429);
        routes.MapPost("/api/pairing-codes", CreateCodeAsync).Reads<PairingCodeRequest>().Produces<PairingCodeResponse>().Produces<ApiError>(400).Produces<ApiError>(403);
        routes.MapGet("/api/devices", ListAsync).Produces<DeviceList>().Produces<ApiError>(403);
        routes.MapDelete("/api/devices/{id}", RevokeAsync).Produces<Done>().Produces<ApiError>(403).Produces<ApiError>(404);
    }

    private static async Task<IResult> SignInAsync(HttpContext context, AccessTokens tokens, WebTokens web, SignInLimit limit, SignInAudit audit, EventIds ids)
    {
        var address = limit.AddressOf(context);
        if (limit.Refuse(context, address) is { } wait)
        {
            return wait;
        }

        if (await Bodies.ReadAsync(context, ApiJson.Default.AuthRequest) is not { AccessToken: { Length: > 0 } token })
        {
            return Bodies.Invalid();
        }

        if (await tokens.OpenAsync(token, context.RequestAborted) is not { } who)
        {
            await audit.FailedAsync(address, "token", AuditChannels.Web, limit.Failed(address));
            return Bodies.Fail(StatusCodes.Status401Unauthorized, "Invalid access token");
        }

        limit.Succeeded(address);
        await audit.SucceededAsync(who, Asker.Of(who, context), address);
        return Bodies.Ok(new AuthResponse(web.Issue(who), new AuthUser(web.OwnerId, "Web User"), new HubIdentity(ids.StoreId, LinkServices.Version)), ApiJson.Default.AuthResponse);
    }

    private static async Task<IResult> PairAsync(HttpContext context, DeviceDoor devices, SignInLimit limit, SignInAudit audit)
    {
        var address = limit.AddressOf(context);
        if (limit.Refuse(context, address) is { } wait)
        {
            return wait;
        }

        if (await Bodies.ReadAsync(context, ApiJson.Default.PairRequest) is not { Code: { Length: > 0 and <= 200 } code } request)
        {
            return Bodies.Invalid();
        }

        var given = string.Concat((request.Name ?? "").Where(c => !char.IsControl(c))).Trim();
        var name = given.Length == 0 ? DeviceName(context.Request.Headers.UserAgent.ToString()) : given;
        if (await devices.PairAsync(code, name.Length > MaxName ? name[..MaxName] : name, address, context.RequestAborted) is not { } paired)
        {
            await audit.FailedAsync(address, "pairing_code", AuditChannels.Web, limit.Failed(address));
            return Bodies.Fail(StatusCodes.Status401Unauthorized, "This link has been used or is too old. Make a new one with \"hapi up\".", ErrorCodes.PairingCodeInvalid);
        }

        limit.Succeeded(address);
        return Bodies.Ok(new PairResponse(paired.Token, new PairedDevice(paired.Device.Id, paired.Device.Name)), ApiJson.Default.PairResponse);
    }

    private static async Task<IResult> CreateCodeAsync(HttpContext context, DeviceDoor devices, TimeProvider time)
    {
        if (!context.Caller().IsOwner)
        {
            return OwnerOnly();
        }

        if (await Bodies.ReadOrAsync(context, new PairingCodeRequest(), ApiJson.Default.PairingCodeRequest) is not { Name: null or { Length: <= MaxName } } request
            || request.Name?.Any(char.IsControl) is true || (request.Namespace is { } given && !IsNamespace(given)))
        {
            return Bodies.Invalid();
        }

        var code = await devices.CreateCodeAsync(request.Namespace ?? Identity.DefaultNamespace, string.IsNullOrWhiteSpace(request.Name) ? null : request.Name.Trim(), Asker.Of(context), context.RequestAborted);
        return Bodies.Ok(new PairingCodeResponse(code, (time.GetUtcNow() + DeviceDoor.CodeLifetime).ToUnixTimeMilliseconds()), ApiJson.Default.PairingCodeResponse);
    }

    private static async Task<IResult> ListAsync(HttpContext context, DeviceDoor devices)
    {
        if (!context.Caller().IsOwner)
        {
            return OwnerOnly();
        }

        var all = await devices.ListAsync(context.RequestAborted);
        return Bodies.Ok(new DeviceList([.. all.Select(d => new Device(d.Id, d.Name, d.Namespace, d.CreatedAt, d.LastSeenAt, d.RevokedAt is not null))]), ApiJson.Default.DeviceList);
    }

    private static async Task<IResult> RevokeAsync(HttpContext context, string id, DeviceDoor devices) =>
        !context.Caller().IsOwner && context.Caller().DeviceId != id ? OwnerOnly()
        : await devices.RevokeAsync(id, Asker.Of(context), context.RequestAborted) ? Bodies.Done()
        : Bodies.Fail(StatusCodes.Status404NotFound, "There is no such device, or it was revoked before.", ErrorCodes.DeviceNotFound);

    private static IResult OwnerOnly() => Bodies.Fail(StatusCodes.Status403Forbidden, "Only the owner of this hub may do that.", ErrorCodes.OwnerOnly);

    private static bool IsNamespace(string text) => text.Length is > 0 and <= MaxName && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static string DeviceName(string agent) =>
        agent.Contains("iPhone", StringComparison.Ordinal) ? "iPhone"
        : agent.Contains("iPad", StringComparison.Ordinal) ? "iPad"
        : agent.Contains("Android", StringComparison.Ordinal) ? "Android phone"
        : agent.Contains("Mac OS", StringComparison.Ordinal) ? "Mac browser"
        : agent.Contains("Windows", StringComparison.Ordinal) ? "Windows browser"
        : agent.Contains("Linux", StringComparison.Ordinal) ? "Linux browser" : "Device";
}
