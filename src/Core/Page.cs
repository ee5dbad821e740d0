using System.Buffers.Text;
using System.Text;

namespace LiveProctor.Core;

/// <summary>A page of a list.</summary>
/// <param name="Items">In the list's order.</param>
/// <param name="Next">To be passed as <c>cursor</c> for the page after this one; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next = null);

/// <summary>Makes pages.</summary>
public static class Page
{
    /// <summary>A list that fits one page.</summary>
    public static Page<T> Of<T>(IEnumerable<T> items) => new([.. items]);

    /// <summary>The page of what was read, which is one more than the page holds when there is a page after it.</summary>
    /// <param name="cursor">Where the page after begins, from the last item of this one.</param>
    public static Page<T> Of<T>(IReadOnlyList<T> read, int limit, Func<T, string> cursor) =>
        read.Count <= limit ? new Page<T>(read) : new Page<T>([.. read.Take(limit)], cursor(read[limit - 1]));
}

/// <summary>Where a page of a list begins, as text that its list alone can read.</summary>
public static class Cursor
{
    /// <summary>The cursor behind an item.</summary>
    /// <param name="list">Whose cursor it is.</param>
    /// <param name="key">What the list is ordered by, of that item.</param>
    public static string Write(string list, string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{list}|{key}"));

    /// <summary>The key behind which the page begins: empty for the first page, null when the cursor is none of this list.</summary>
    public static string? Read(string list, string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return "";
        }

        if (cursor.Length > 1000 || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return text.StartsWith(list + "|", StringComparison.Ordinal) && !text.Any(char.IsControl) ? text[(list.Length + 1)..] : null;
    }
}
