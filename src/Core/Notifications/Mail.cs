namespace LiveProctor.Core.Notifications;

/// <summary>What a mail tells a student.</summary>
public enum MailKind
{
    /// <summary>The session has other dates.</summary>
    Moved,

    /// <summary>The session will not take place.</summary>
    Cancelled,

    /// <summary>The student is in another session from now on.</summary>
    Reassigned,

    /// <summary>The student is in no session any more: the tests can be started at any time.</summary>
    Unassigned,

    /// <summary>The student's registration was taken back.</summary>
    Removed,

    /// <summary>These are your tests, and this is your page.</summary>
    Invited,
}

/// <summary>Where a mail stands.</summary>
public enum MailState
{
    /// <summary>It is sent as soon as it is due.</summary>
    Waiting,

    /// <summary>A node talks to the mail server about it; nothing that the server would deliver has been said yet.</summary>
    Sending,

    /// <summary>The end of the mail is being said: from here on only the server's answer tells whether it is on its way.</summary>
    HandingOver,

    /// <summary>The mail server has taken it.</summary>
    Sent,

    /// <summary>It will not be tried again by itself; <c>reply</c> says why.</summary>
    Failed,

    /// <summary>The server's answer was lost. It is never sent again by itself.</summary>
    Unconfirmed,

    /// <summary>What it told is no longer true, or a later mail tells it.</summary>
    Superseded,

    /// <summary>No mail server is configured: it lies in a file.</summary>
    Written,
}

/// <summary>A mail as it is put on the wire. Nothing in it is a code, a password or a ticket.</summary>
public sealed record Mail
{
    /// <summary>Without angle brackets. The same however often the mail is tried, so that a mailbox can drop a repetition.</summary>
    public required string MessageId { get; init; }

    public required MailAddressee From { get; init; }

    public required MailAddressee To { get; init; }

    public required DateTimeOffset Date { get; init; }

    /// <summary><c>en</c>, <c>es</c> or <c>fr</c>.</summary>
    public required string Language { get; init; }

    public required string Subject { get; init; }

    /// <summary>Lines end in <c>\n</c>.</summary>
    public required string Text { get; init; }

    /// <summary>The first is shown by mail programs as an invitation; any other is attached.</summary>
    public IReadOnlyList<CalendarPart> Calendars { get; init; } = [];
}

/// <summary>A name, which may be empty, and an address.</summary>
public sealed record MailAddressee(string Name, string Address);

/// <summary>An iCalendar object of a mail.</summary>
/// <param name="Method"><c>REQUEST</c> or <c>CANCEL</c> (RFC 5546).</param>
public sealed record CalendarPart(string Method, string Text);

/// <summary>What became of a mail that was carried.</summary>
public enum Fate
{
    Accepted,
    Written,

    /// <summary>For good.</summary>
    Refused,

    /// <summary>Not now.</summary>
    Later,

    /// <summary>It may have been accepted.</summary>
    Unknown,

    /// <summary>It is no longer ours to send: given up before its end was said.</summary>
    Abandoned,
}

/// <summary>A fate and the words that explain it.</summary>
/// <param name="Server">True when the trouble is the server's and not this mail's: the next mail would meet it too.</param>
public sealed record MailFate(Fate Fate, string Reply, bool Server = false);

/// <summary>How mails leave the program: by a mail server, or into files.</summary>
public interface IMailCarrier : IAsyncDisposable
{
    /// <summary>What the mail page says of it.</summary>
    MailDelivery Describe();

    /// <summary>How long a mail may take until its end is said, and afterwards until the answer is there.</summary>
    (TimeSpan Talk, TimeSpan End) Patience { get; }

    /// <summary>True when carrying a mail a second time changes nothing, so that one whose fate is not known may simply be carried again.</summary>
    bool Repeatable { get; }

    /// <summary>Whom the mails are from.</summary>
    string From { get; }

    /// <summary>
    /// Carries one mail. <paramref name="handOver"/> is called directly before the words by which the receiver takes it; when it answers false, they are not said.
    /// Never throws for what the network or the server does.
    /// </summary>
    Task<MailFate> Carry(Mail mail, Func<Task<bool>> handOver, CancellationToken stop);

    /// <summary>Ends what is kept open between two mails.</summary>
    Task Rest();
}

/// <summary>Where mails go.</summary>
/// <param name="Kind"><c>smtp</c> or <c>files</c>.</param>
/// <param name="Place">The server's host and port, or the folder.</param>
/// <param name="From">The address that mails come from.</param>
public sealed record MailDelivery(string Kind, string Place, string From);
