using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Sessions;

/// <summary>A session as somebody enters it: the body of POST and PUT <c>/api/v1/sessions</c>.</summary>
public sealed record SessionRequest
{
    /// <summary>1–120 characters.</summary>
    public string? Name { get; init; }

    public SessionMode? Mode { get; init; }

    /// <summary>See <see cref="SessionTimes"/>; left out when <see cref="StartNow"/>.</summary>
    public string? OpensAt { get; init; }

    /// <summary>See <see cref="SessionTimes"/>; with <see cref="StartNow"/> eight hours from now when left out.</summary>
    public string? ClosesAt { get; init; }

    /// <summary>IANA name; UTC when left out.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Codes of tests, at least one.</summary>
    public IReadOnlyList<string>? Tests { get; init; }

    /// <summary>4–32 characters; null when none is asked.</summary>
    public string? Code { get; init; }

    public string? ProfileId { get; init; }

    /// <summary>1–100,000; null without a limit.</summary>
    public int? Capacity { get; init; }

    public StartMode? StartMode { get; init; }

    /// <summary>Staff ids, the lead first.</summary>
    public IReadOnlyList<string>? Proctors { get; init; }

    /// <summary>At most 2,000 characters.</summary>
    public string? Note { get; init; }

    /// <summary>The window begins at once.</summary>
    public bool StartNow { get; init; }

    /// <summary>6–64 characters; kept, or generated at first, when left out.</summary>
    public string? Password { get; init; }

    /// <summary>Edit only: a new join link, so that the old one no longer works.</summary>
    public bool NewJoinLink { get; init; }

    /// <summary>Edit only: whether those who are registered shall be told of other dates by mail.</summary>
    public bool Notify { get; init; }

    /// <summary>What is wrong with the fields that need no look-up.</summary>
    internal IEnumerable<(string Field, string Sentence)> Check()
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Trim().Length > 120 || Name.Any(char.IsControl))
        {
            yield return ("name", "A session needs a name of 1 to 120 characters, on one line.");
        }

        if (Mode is null)
        {
            yield return ("mode", "Choose in person, remote or hybrid.");
        }

        if (TimeZone is not null && SessionTimes.Zone(TimeZone) is null)
        {
            yield return ("timeZone", "There is no time zone of this name; use one such as Europe/Paris.");
        }

        if (Tests is null or { Count: 0 or > 50 } || Tests.Any(code => string.IsNullOrWhiteSpace(code) || !Id.Plausible(code)))
        {
            yield return ("tests", "Choose at least one test, at most 50.");
        }

        if (Code is not null && (Code.Trim().Length is < 4 or > 32 || Code.Any(char.IsControl)))
        {
            yield return ("code", "A session code has 4 to 32 characters, on one line.");
        }

        if (Capacity is < 1 or > 100_000)
        {
            yield return ("capacity", "The capacity is a number from 1 to 100,000.");
        }

        if (Proctors is { Count: > 100 } || Proctors?.Any(id => id is null || !Id.Plausible(id)) == true)
        {
            yield return ("proctors", "A session has at most 100 proctors, each named by an id.");
        }

        if (ProfileId is not null && !Id.Plausible(ProfileId))
        {
            yield return ("profileId", "There is no such profile.");
        }

        if (Note is { Length: > 2000 } || !Problems.Check.CanBeShown(Note, lines: true))
        {
            yield return ("note", "A note has at most 2,000 characters, all of which can be shown.");
        }

        if (Password is not null && WrongPassword(Password) is { } sentence)
        {
            yield return ("password", sentence);
        }
    }

    /// <summary>What is wrong with a session password; null when it is good.</summary>
    internal static string? WrongPassword(string password) =>
        password.Trim().Length is < 6 or > 64 || password.Any(char.IsControl) || password.Count(char.IsLetterOrDigit) < 6
            ? "A session password has 6 to 64 characters on one line, at least six of them letters or digits."
            : null;

    /// <summary>The window that was entered, or what is wrong with it by field.</summary>
    internal Result<(DateTimeOffset OpensAt, DateTimeOffset ClosesAt)> Window(DateTimeOffset now)
    {
        var zone = SessionTimes.Zone(TimeZone ?? "UTC") ?? TimeZoneInfo.Utc;
        var (opens, opensWrong) = StartNow ? (now, null) : Entered(OpensAt, zone, "begins");
        var (closes, closesWrong) = StartNow && ClosesAt is null ? (now + CreateSession.DefaultLength, null) : Entered(ClosesAt, zone, "ends");
        var wrong = new List<(string, string)>();
        if (opensWrong is not null)
        {
            wrong.Add(("opensAt", opensWrong));
        }

        if (closesWrong is not null)
        {
            wrong.Add(("closesAt", closesWrong));
        }

        if (opens is { } from && closes is { } to)
        {
            wrong.AddRange(SessionRules.CheckWindow(from, to));
        }

        return wrong.Count > 0 ? Problem.Invalid([.. wrong]) : (opens!.Value, closes!.Value);
    }

    private static (DateTimeOffset? Instant, string? Wrong) Entered(string? text, TimeZoneInfo zone, string what) =>
        string.IsNullOrWhiteSpace(text) ? (null, $"Say when the session {what}.") : SessionTimes.Parse(text, zone);
}
