using System.Globalization;
using System.Security.Claims;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Entries;

namespace LiveProctor.Hub.Lobby;

/// <summary>How a student's device stands in the principal: beside the actor, its session and its number.</summary>
public static class StudentClaims
{
    private const string Session = "session";
    private const string Device = "device";

    public static ClaimsPrincipal Principal(StudentCaller student, string scheme) => ActorClaims.Principal(
        student.Actor, scheme, new Claim(Session, student.SessionId), new Claim(Device, student.Device.ToString(CultureInfo.InvariantCulture)));

    public static StudentCaller Of(ClaimsPrincipal? principal) => new(
        ActorClaims.Of(principal), principal!.FindFirst(Session)!.Value, int.Parse(principal.FindFirst(Device)!.Value, CultureInfo.InvariantCulture));
}
