namespace LiveProctor.Core.Notifications;

/// <summary>Why somebody who goes by the old dates should be told of the new ones.</summary>
public enum NoticeReason
{
    StartsEarlier,
    StartsLater,
    EndsEarlier,
    Shorter,
    Cancelled,
}

/// <summary>Whether a change of dates should be told to those who are registered (product.md section 3). Pure.</summary>
public static class NoticeRules
{
    /// <summary>
    /// What speaks for telling it; empty when nothing does. "The start moves forward" is read both ways: who comes at the old time
    /// finds a closed door when it is later, and an examination that has begun when it is earlier. Only more time at the end harms nobody.
    /// </summary>
    public static IReadOnlyList<NoticeReason> Reasons(Window before, Window after)
    {
        var reasons = new List<NoticeReason>();
        if (after.OpensAt != before.OpensAt)
        {
            reasons.Add(after.OpensAt < before.OpensAt ? NoticeReason.StartsEarlier : NoticeReason.StartsLater);
        }

        if (after.ClosesAt < before.ClosesAt)
        {
            reasons.Add(NoticeReason.EndsEarlier);
        }

        if (after.Length < before.Length)
        {
            reasons.Add(NoticeReason.Shorter);
        }

        return reasons;
    }
}
