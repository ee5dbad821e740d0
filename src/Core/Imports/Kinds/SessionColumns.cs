using System.Globalization;
using LiveProctor.Core.Imports.Reading;

namespace LiveProctor.Core.Imports.Kinds;

/// <summary>The columns of sessions (product.md section 3) and how their times are put together.</summary>
internal static class SessionColumns
{
    public const string Name = "des";
    public const string Code = "psw";
    public const string Opens = "sta";
    public const string Closes = "end";

    public static readonly IReadOnlyList<ImportColumn> All =
    [
        new(Name, true, "The session's name, 1 to 120 characters. A row whose name is that of a session that is not over changes its times and code."),
        new(Code, false, "The session code, 4 to 32 characters. Empty: none, or the one that it has. A dash takes it away."),
        .. Time(Opens, "begins"),
        .. Time(Closes, "ends"),
    ];

    /// <summary>The local time that the five columns of one end say, or what is wrong with them.</summary>
    public static (DateTime? Local, string? Wrong) Read(IReadOnlyDictionary<string, string> cells, string end)
    {
        var what = end == Opens ? "The beginning" : "The end";
        var (dayCell, monthCell, yearCell, hourCell, minuteCell) = (Cell("day"), Cell("month"), Cell("year"), Cell("hour"), Cell("min"));

        // Somebody may put the whole date, or date and time, into the first of the columns.
        if (monthCell.Length == 0 && yearCell.Length == 0 && WholeDate(dayCell) is { } whole)
        {
            (dayCell, monthCell, yearCell) = (Number(whole.Day), Number(whole.Month), Number(whole.Year));
            if (hourCell.Length == 0 && whole.TimeOfDay > TimeSpan.Zero)
            {
                (hourCell, minuteCell) = (Number(whole.Hour), Number(whole.Minute));
            }
        }

        if (minuteCell.Length == 0 && TimeOnly.TryParseExact(hourCell, ["HH:mm", "H:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            (hourCell, minuteCell) = (Number(time.Hour), Number(time.Minute));
        }

        if (Whole(dayCell, 1, 31) is not { } day || Whole(monthCell, 1, 12) is not { } month || Whole(yearCell, 0, 9999) is not { } year
            || Whole(hourCell, 0, 23) is not { } hour || Whole(minuteCell, 0, 59) is not { } minute)
        {
            return (null, $"{what} is not a time: day 1–31, month 1–12, year, hour 0–23 and minute 0–59 are each a whole number in their own column.");
        }

        year += year < 100 ? 2000 : 0;
        return year is < 2000 or >= 2200 ? (null, $"{what} is not in this century or the next: the year is {year}.")
            : day > DateTime.DaysInMonth(year, month) ? (null, $"{what} is a day that does not exist: {day}/{month}/{year}.")
            : (new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Unspecified), null);

        string Cell(string part) => cells.Get($"dat_{end}_{part}");
    }

    private static ImportColumn[] Time(string end, string verb) =>
    [
        new($"dat_{end}_day", true, $"The day on which it {verb}, 1 to 31."),
        new($"dat_{end}_month", true, "The month, 1 to 12."),
        new($"dat_{end}_year", true, "The year, such as 2026 or 26."),
        new($"dat_{end}_hour", true, "The hour, 0 to 23, in the time zone that is chosen when the file is sent."),
        new($"dat_{end}_min", true, "The minute, 0 to 59."),
    ];

    // As text, or as a spreadsheet counts days: 1 is the first of January 1900.
    private static DateTime? WholeDate(string text)
    {
        string[] forms =
        [
            "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm", "dd/MM/yyyy", "d/M/yyyy", "dd/MM/yy", "d/M/yy", "dd/MM/yyyy HH:mm", "dd/MM/yy HH:mm", "dd.MM.yyyy", "d.M.yyyy",
            "dd.MM.yyyy HH:mm",
        ];
        return DateTime.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
            : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var serial) && serial is > 36_000 and < 110_000
                ? Rounded(DateTime.FromOADate(serial))
            : null;
    }

    private static DateTime Rounded(DateTime at) => new((at.Ticks + (TimeSpan.TicksPerMinute / 2)) / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, DateTimeKind.Unspecified);

    private static int? Whole(string text, int least, int most)
    {
        var whole = text.EndsWith(".0", StringComparison.Ordinal) ? text[..^2] : text;
        return int.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
