using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Hapi.Reach;

/// <summary>Under which names other devices of the network find this machine.</summary>
internal static class LanAddresses
{
    /// <summary>IPv4 addresses of the interfaces that are up, those that lead to a gateway first.</summary>
    public static IReadOnlyList<string> List() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(i => i.OperationalStatus is OperationalStatus.Up && i.NetworkInterfaceType is not NetworkInterfaceType.Loopback)
            .Select(i => i.GetIPProperties())
            .OrderByDescending(p => p.GatewayAddresses.Count > 0)
            .SelectMany(p => p.UnicastAddresses)
            .Where(a => a.Address.AddressFamily is AddressFamily.InterNetwork)
            .Select(a => a.Address.ToString())
            .Distinct(StringComparer.Ordinal),
    ];
}
