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

            // When the clocks go back a time comes twice; the first is meant.
            var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
            return (Within(new DateTimeOffset(local, offset)), null);
        }

        return trimmed.Length <= 40
            && DateTimeOffset.TryParseExact(trimmed, Absolute, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            && instant.Year is >= 2000 and < 2200
            ? (Within(instant), null)
            : (null, "Write the time as 31/12/26 09:00 or 2026-12-31T09:00:00Z.");
    }

    private static DateTimeOffset Within(DateTimeOffset instant) => Instant.Truncate(instant);
}
