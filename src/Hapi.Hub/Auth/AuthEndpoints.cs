using Hapi.Contracts.Api;
using Hapi.Hub.Http;

namespace Hapi.Hub.Auth;

/// <summary>Signing in, pairing, and the devices that may.</summary>
internal static class AuthEndpoints
{
    private const int MaxName = 80;

    public static void MapAuth(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/auth", SignInAsync).AllowAnonymous().Accepts<AuthRequest>("application/json").Produces<AuthResponse>().Produces<ApiError>(400).Produces<ApiError>(401).Produces<ApiError>(429);
        routes.MapPost("/api/pair", PairAsync).AllowAnonymous().Accepts<PairRequest>("application/json").Produces<PairResponse>().Produces<ApiError>(400).Produces<ApiError>(401).Produces<ApiError>(429);
        routes.MapPost("/api/pairing-codes", CreateCodeAsync).Accepts<PairingCodeRequest>("application/json").Produces<PairingCodeResponse>().Produces<ApiError>(403);
        routes.MapGet("/api/devices", ListAsync).Produces<DeviceList>().Produces<ApiError>(403);
        routes.MapDelete("/api/devices/{id}", RevokeAsync).Produces<Done>().Produces<ApiError>(403).Produces<ApiError>(404);
    }

    private static async Task<IResult> SignInAsync(HttpContext context, AccessTokens tokens, WebTokens web, SignInLimit limit, DeviceDoor devices)
    {
        var address = Address(context);
        if (Refuse(context, limit, address) is { } wait)
        {
            return wait;
        }

        if (await Bodies.ReadAsync(context, ApiJson.Default.AuthRequest) is not { AccessToken: { Length: > 0 } token })
        {
            return Bodies.Invalid();
        }

        if (await tokens.OpenAsync(token, context.RequestAborted) is not { } who)
        {
            limit.Failed(address);
            return Bodies.Fail(StatusCodes.Status401Unauthorized, "Invalid access token");
        }

        limit.Succeeded(address);
        if (who.DeviceId is { } device)
        {
            await devices.SeenAsync(device, context.RequestAborted);
        }

        return Bodies.Ok(new AuthResponse(web.Issue(who), new AuthUser(web.OwnerId, "Web User")), ApiJson.Default.AuthResponse);
    }

    private static async Task<IResult> PairAsync(HttpContext context, DeviceDoor devices, SignInLimit limit)
    {
        var address = Address(context);
        if (Refuse(context, limit, address) is { } wait)
        {
            return wait;
        }

        if (await Bodies.ReadAsync(context, ApiJson.Default.PairRequest) is not { Code: { Length: > 0 and <= 200 } code } request)
        {
            return Bodies.Invalid();
        }

        var name = string.IsNullOrWhiteSpace(request.Name) ? DeviceName(context.Request.Headers.UserAgent.ToString()) : request.Name.Trim();
        if (await devices.PairAsync(code, name.Length > MaxName ? name[..MaxName] : name, context.RequestAborted) is not { } paired)
        {
            limit.Failed(address);
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

        var request = await Bodies.ReadAsync(context, ApiJson.Default.PairingCodeRequest);
        var code = await devices.CreateCodeAsync(context.Caller().Namespace, string.IsNullOrWhiteSpace(request?.Name) ? null : request.Name.Trim(), context.RequestAborted);
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
        : await devices.RevokeAsync(id, context.RequestAborted) ? Bodies.Done()
        : Bodies.Fail(StatusCodes.Status404NotFound, "There is no such device, or it was revoked before.", ErrorCodes.DeviceNotFound);

    private static IResult OwnerOnly() => Bodies.Fail(StatusCodes.Status403Forbidden, "Only the owner of this hub may do that.", ErrorCodes.OwnerOnly);

    private static IResult? Refuse(HttpContext context, SignInLimit limit, string address)
    {
        var wait = limit.Wait(address);
        if (wait <= TimeSpan.Zero)
        {
            return null;
        }

        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Bodies.Fail(StatusCodes.Status429TooManyRequests, $"Too many failed attempts. Try again in {seconds} s.", ErrorCodes.RateLimited);
    }

    private static string Address(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";

    private static string DeviceName(string agent) =>
        agent.Contains("iPhone", StringComparison.Ordinal) ? "iPhone"
        : agent.Contains("iPad", StringComparison.Ordinal) ? "iPad"
        : agent.Contains("Android", StringComparison.Ordinal) ? "Android phone"
        : agent.Contains("Mac OS", StringComparison.Ordinal) ? "Mac browser"
        : agent.Contains("Windows", StringComparison.Ordinal) ? "Windows browser"
        : agent.Contains("Linux", StringComparison.Ordinal) ? "Linux browser" : "Device";
}
