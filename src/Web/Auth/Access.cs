using LiveProctor.Core;
using LiveProctor.Core.Accounts;

namespace LiveProctor.Web.Auth;

/// <summary>States an endpoint's policy in one word.</summary>
internal static class Access
{
    /// <summary>Staff of at least this role.</summary>
    public static T For<T>(this T endpoint, Role role)
        where T : IEndpointConventionBuilder => endpoint.RequireAuthorization(role switch
        {
            Role.Administrator => Rights.Administrator,
            Role.Manager => Rights.Manager,
            Role.Proctor => Rights.Proctor,
            _ => Rights.Observer,
        });

    /// <summary>Students, by the token of their entry.</summary>
    public static T ForStudents<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.RequireAuthorization(Rights.Student);

    /// <summary>Delivery systems, by their key.</summary>
    public static T ForDelivery<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.RequireAuthorization(Rights.Delivery);
}
