using System.Globalization;

namespace LiveProctor.Core.Tests.Imports;

/// <summary>Files of sessions as a manager would write them.</summary>
internal static class SessionsFile
{
    public const string Header =
        "des,psw,dat_sta_day,dat_sta_month,dat_sta_year,dat_sta_hour,dat_sta_min,dat_end_day,dat_end_month,dat_end_year,dat_end_hour,dat_end_min";

    /// <summary>A row; both ends are local times such as <c>2026-11-23T09:00</c>.</summary>
    public static string Row(string name, string opens, string closes, string code = "")
    {
        return $"{name},{code},{Columns(opens)},{Columns(closes)}";

        static string Columns(string time) => DateTime.ParseExact(time, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture).ToString("dd,MM,yyyy,HH,mm", CultureInfo.InvariantCulture);
    }

    public static string Of(params IEnumerable<string> rows) => string.Join("\r\n", rows.Prepend(Header)) + "\r\n";
}
