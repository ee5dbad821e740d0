using System.Globalization;

namespace LiveProctor.Core.Sessions;

/// <summary>Times as people and machines enter them: ISO 8601, or <c>DD/MM/YY HH:MM</c> in the session's zone.</summary>
public static class SessionTimes
{
    private static readonly string[] Local =
        ["dd/MM/yy HH:mm", "dd/MM/yyyy HH:mm", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.fff", "yyyy-MM-dd HH:mm"];

    private static readonly string[] Absolute = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    /// <summary>The zone of an IANA name; null when there is none.</summary>
    public static TimeZoneInfo? Zone(string name) =>
        name.Length is > 0 and <= 64 && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId ? zone : null;

    /// <summary>The instant that was entered, or a sentence that says what is wrong with it.</summary>
    public static (DateTimeOffset? Instant, string? Wrong) Parse(string text, TimeZoneInfo zone)
    {
        var trimmed = text.Trim();
        if (DateTime.TryParseExact(trimmed, Local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            && local.Year is >= 2000 and < 2200)
        {
            if (zone.IsInvalidTime(local))
            {
                return (null, "At this time the clocks go forward: it does not exist in the session's time zone.");
            }

            return (At(local, zone), null);
        }

        return trimmed.Length <= 40
            && DateTimeOffset.TryParseExact(trimmed, Absolute, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            && instant.Year is >= 2000 and < 2200
            ? (Within(instant), null)
            : (null, "Write the time as 31/12/26 09:00 or 2026-12-31T09:00:00Z.");
    }

    /// <summary>
    /// The same window, by the clocks on the wall, in the first of the following weeks in which it is still to come. Where the clocks jump over one of its
    /// times, that time is as much later as they jump.
    /// </summary>
    /// <returns>Both in UTC.</returns>
    public static (DateTimeOffset OpensAt, DateTimeOffset ClosesAt) InComingWeek(DateTimeOffset opensAt, DateTimeOffset closesAt, TimeZoneInfo zone, DateTimeOffset now)
    {
        var days = 7;
        while (Later(opensAt, days, zone) <= now)
        {
            days += 7;
        }

        return (Later(opensAt, days, zone), Later(closesAt, days, zone));
    }

    private static DateTimeOffset Later(DateTimeOffset instant, int days, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone).DateTime.AddDays(days);
        return zone.IsInvalidTime(local) ? Within(new DateTimeOffset(local, zone.GetUtcOffset(local.AddDays(-1)))) : At(local, zone);
    }

    // When the clocks go back a time comes twice; the first is meant.
    private static DateTimeOffset At(DateTime local, TimeZoneInfo zone)
    {
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return Within(new DateTimeOffset(local, offset));
    }

    private static DateTimeOffset Within(DateTimeOffset instant) => Instant.Truncate(instant);
}
