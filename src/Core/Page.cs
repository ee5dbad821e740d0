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
}
