using System.Net;
using System.Net.Sockets;

namespace LiveProctor.Web.Hosting;

/// <summary>Where a request comes from, as guessing is counted by. Behind a trusted proxy it is what the proxy says.</summary>
public static class ClientAddress
{
    /// <summary>An IPv4 address, or the /64 network of an IPv6 address: one household or phone has a whole one to vary.</summary>
    public static string Of(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address.ToString();
        }

        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return $"{new IPAddress(bytes)}/64";
    }
}
