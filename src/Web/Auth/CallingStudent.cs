using LiveProctor.Core.Entries;
using LiveProctor.Hub.Lobby;

namespace LiveProctor.Web.Auth;

/// <summary>Which student's device calls an endpoint, as a parameter of its handler.</summary>
public sealed record CallingStudent(StudentCaller Student)
{
    /// <summary>Called by the framework.</summary>
    public static ValueTask<CallingStudent?> BindAsync(HttpContext http) => ValueTask.FromResult<CallingStudent?>(new CallingStudent(StudentClaims.Of(http.User)));
}
