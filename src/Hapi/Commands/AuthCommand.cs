using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Hapi.Hubs;
using Hapi.Output;
using Hapi.Settings;

namespace Hapi.Commands;

/// <summary><c>hapi auth</c>: the access token of this machine, and the devices that are signed in.</summary>
internal static class AuthCommand
{
    public static Command Create(Printer output)
    {
        var command = new Command("auth", "The access token of this machine, and the devices that are signed in.");
        command.Subcommands.Add(Leaf("status", "Show which hub and which token are used.", output, StatusAsync));
        command.Subcommands.Add(Leaf("login", "Store the access token of a hub.", output, LoginAsync));
        command.Subcommands.Add(Leaf("logout", "Forget the token and this machine's id.", output, LogoutAsync));
        command.Subcommands.Add(Devices(output));
        return command;
    }

    private static Command Leaf(string name, string description, Printer output, Func<HapiHome, Printer, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description);
        command.Options.Add(new Option<bool>("--json") { Description = "Answer with JSON." });
        command.SetAction((_, cancellationToken) => run(HapiHome.Open(), output, cancellationToken));
        return command;
    }

    private static Command Devices(Printer output)
    {
        var command = Leaf("devices", "List the devices that are signed in.", output, ListAsync);
        var id = new Argument<string>("id") { Description = "The device's id, or the beginning of it." };
        var revoke = new Command("revoke", "Sign a device out for good.") { id };
        revoke.Options.Add(new Option<bool>("--json") { Description = "Answer with JSON." });
        revoke.SetAction((parsed, cancellationToken) => RevokeAsync(HapiHome.Open(), parsed.GetValue(id)!, output, cancellationToken));
        command.Subcommands.Add(revoke);
        return command;
    }

    private static Task<int> StatusAsync(HapiHome home, Printer output, CancellationToken cancellationToken)
    {
        var (url, urlSource) = home.HubUrl();
        var (token, source) = home.Token();
        output.Value(new JsonObject { ["hub"] = url.ToString(), ["hubSource"] = urlSource, ["token"] = token is not null, ["tokenSource"] = source, ["machineId"] = home.MachineIdOrNull(), ["host"] = HapiHome.HostName });
        output.Line($"Hub      {url} ({urlSource})");
        output.Line($"Token    {(token is null ? "not set" : "set")} ({source})");
        output.Line($"Machine  {home.MachineIdOrNull() ?? "not set"} ({HapiHome.HostName})");
        if (token is null)
        {
            output.Line("The token stands in settings.json of the hub's machine, in CLI_API_TOKEN there, or is printed by \"hapi hub\". Store it with \"hapi auth login\".");
        }

        return Task.FromResult(ExitCodes.Ok);
    }

    private static async Task<int> LoginAsync(HapiHome home, Printer output, CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected)
        {
            throw new CommandException(ExitCodes.Failed, "no_terminal", "\"hapi auth login\" asks on a terminal. Elsewhere set CLI_API_TOKEN.");
        }

        Printer.Error($"The access token of the hub at {home.HubUrl().Url}:");
        var token = Console.ReadLine()?.Trim();
        if (string.IsNullOrEmpty(token))
        {
            throw new CommandException(ExitCodes.Failed, "no_token", "Nothing was entered; nothing is changed.");
        }

        // A token the hub refuses is not stored; a hub that is away cannot be asked.
        if (await HubClient.AnswersAsync(home.HubUrl().Url, cancellationToken))
        {
            using var client = await HubClient.SignInAsync(home.HubUrl().Url, token, cancellationToken);
        }

        await home.SaveTokenAsync(token, cancellationToken);
        output.Line($"Stored in {home.Settings.Path}.");
        return ExitCodes.Ok;
    }

    private static async Task<int> LogoutAsync(HapiHome home, Printer output, CancellationToken cancellationToken)
    {
        await home.ForgetAsync(cancellationToken);
        output.Value(new JsonObject { ["ok"] = true });
        output.Line(HapiHome.Variable("CLI_API_TOKEN") is null ? "The token and the machine's id are forgotten." : "Forgotten. CLI_API_TOKEN is still set and still applies.");
        return ExitCodes.Ok;
    }

    private static async Task<int> ListAsync(HapiHome home, Printer output, CancellationToken cancellationToken)
    {
        using var client = await SignInAsync(home, cancellationToken);
        var devices = (await client.DevicesAsync(cancellationToken)).Devices;
        output.Value(new JsonArray([.. devices.Select(d => new JsonObject
        {
            ["id"] = d.Id, ["name"] = d.Name, ["createdAt"] = d.CreatedAt, ["lastSeenAt"] = d.LastSeenAt, ["revoked"] = d.Revoked,
        })]));
        foreach (var device in devices)
        {
            output.Line($"{device.Id}  {device.Name,-20}  paired {Day(device.CreatedAt)}  {(device.Revoked ? "revoked" : device.LastSeenAt is { } seen ? $"last seen {Day(seen)}" : "never seen")}");
        }

        if (devices.Count == 0)
        {
            output.Line("No device is paired. \"hapi up\" prints a link that pairs one.");
        }

        return ExitCodes.Ok;
    }

    private static async Task<int> RevokeAsync(HapiHome home, string id, Printer output, CancellationToken cancellationToken)
    {
        using var client = await SignInAsync(home, cancellationToken);
        var matches = (await client.DevicesAsync(cancellationToken)).Devices.Where(d => !d.Revoked && d.Id.StartsWith(id, StringComparison.OrdinalIgnoreCase)).ToList();
        if (matches is not [var device])
        {
            throw new CommandException(ExitCodes.BadArguments, matches.Count == 0 ? "device_not_found" : "ambiguous", matches.Count == 0 ? $"No signed-in device has the id \"{id}\". \"hapi auth devices\" lists them." : $"\"{id}\" fits several devices.");
        }

        await client.RevokeAsync(device.Id, cancellationToken);
        output.Value(new JsonObject { ["ok"] = true, ["id"] = device.Id });
        output.Line($"{device.Name} is signed out for good.");
        return ExitCodes.Ok;
    }

    private static async Task<HubClient> SignInAsync(HapiHome home, CancellationToken cancellationToken) =>
        await HubClient.SignInAsync(home.HubUrl().Url, await home.RequireTokenAsync(cancellationToken), cancellationToken);

    private static string Day(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at).ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
