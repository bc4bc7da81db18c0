using Hapi;
using Hapi.Agents;
using Hapi.Commands;
using Hapi.Hub;
using Hapi.Link;
using Hapi.Output;
using Hapi.Settings;

// Before anything is loaded that this needs not.
if (args.Any(a => a is "-v" or "--version"))
{
    Console.WriteLine($"hapi version: {HapiVersion.Current}");
    return ExitCodes.Ok;
}

var output = new Printer(args.TakeWhile(a => a is not "--").Contains("--json"));
try
{
    Proxies.BypassLoopback();
    return await CommandTable.RunAsync(args, output);
}
catch (CommandException ex)
{
    return output.Fail(ex.ExitCode, ex.Code, ex.Message);
}
catch (HubStartException ex)
{
    return output.Fail(ex.Code is "port_taken" ? ExitCodes.PortTaken : ExitCodes.SettingsUnusable, ex.Code, ex.Message);
}
catch (OutboxException ex)
{
    return output.Fail(ex.Code is "outbox_owned" ? ExitCodes.SessionBusy : ExitCodes.Failed, ex.Code, ex.Message);
}
catch (AgentException ex)
{
    return output.Fail(ex.Code is "agent_not_found" ? ExitCodes.AgentNotFound : ExitCodes.Failed, ex.Code, ex.Message);
}
catch (Exception ex)
{
    return output.Fail(ExitCodes.Failed, "failed", Environment.GetEnvironmentVariable("DEBUG") is { Length: > 0 } ? ex.ToString() : ex.Message);
}
