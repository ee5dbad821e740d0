using System.Globalization;
using System.Security.Claims;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Entries;

namespace LiveProctor.Web.Auth;

/// <summary>How a student's device stands in the principal: beside the actor, its session and its number.</summary>
internal static class StudentClaims
{
    private const string Session = "session";
    private const string Device = "device";

    public static ClaimsPrincipal Principal(StudentCaller student, string scheme) => ActorClaims.Principal(
        student.Actor, scheme, new Claim(Session, student.SessionId), new Claim(Device, student.Device.ToString(CultureInfo.InvariantCulture)));

    public static StudentCaller Of(ClaimsPrincipal? principal) => new(
        ActorClaims.Of(principal), principal!.FindFirst(Session)!.Value, int.Parse(principal.FindFirst(Device)!.Value, CultureInfo.InvariantCulture));
}

/// <summary>Which student's device calls an endpoint, as a parameter of its handler.</summary>
public sealed record CallingStudent(StudentCaller Student)
{
    /// <summary>Called by the framework.</summary>
    public static ValueTask<CallingStudent?> BindAsync(HttpContext http) => ValueTask.FromResult<CallingStudent?>(new CallingStudent(StudentClaims.Of(http.User)));
}
