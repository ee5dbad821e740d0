using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace LiveProctor.Core.Sessions;

/// <summary>Where a page of the session list ended: the value of the column that the list is ordered by, and the session's id.</summary>
internal static class SessionListCursor
{
    public static string Write(string value, string id) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{id}|{value}"));

    /// <summary>Null when it is no cursor of a list in this order.</summary>
    public static (object Value, string Id)? Read(string? cursor, SessionListSort sort)
    {
        if (cursor is null or { Length: > 1000 } || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        var bar = text.IndexOf('|', StringComparison.Ordinal);
        if (bar < 1 || text.Any(char.IsControl))
        {
            return null;
        }

        var value = text[(bar + 1)..];
        return sort.Number
            ? long.TryParse(value, CultureInfo.InvariantCulture, out var parsed) ? (parsed, text[..bar]) : null
            : (value, text[..bar]);
    }
}
