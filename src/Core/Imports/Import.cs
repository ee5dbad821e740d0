using System.Text.Json.Serialization;
using LiveProctor.Core.Notifications;

namespace LiveProctor.Core.Imports;

/// <summary>What the rows of a file are.</summary>
public enum ImportKind
{
    Sessions,
    Students,
    Groups,
    Registrations,

    /// <summary>Students and their classes, as OneRoster's zip of .csv files.</summary>
    OneRoster,
}

/// <summary>How far an import has come.</summary>
public enum ImportState
{
    /// <summary>The file is being read and its rows judged.</summary>
    Reading,

    /// <summary>Every row is judged; nothing has been changed yet.</summary>
    Previewed,

    /// <summary>The rows are being written.</summary>
    Applying,

    /// <summary>Every row is written, left alone or rejected.</summary>
    Applied,

    /// <summary>Somebody stopped it; what was written before stays.</summary>
    Cancelled,

    /// <summary>The file cannot be read.</summary>
    Failed,
}

/// <summary>What becomes of a row.</summary>
public enum RowOutcome
{
    Create,
    Update,

    /// <summary>Everything is as the row says already.</summary>
    Same,
    Reject,

    /// <summary>Somebody is taken off a list because the file says so.</summary>
    Remove,
}

/// <summary>What the file itself does not say, chosen when it is sent.</summary>
public sealed record ImportOptions
{
    /// <summary>Sessions: the IANA zone of the times in the file.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Sessions: codes of the tests that new sessions give; empty for the only test of an organisation that has one.</summary>
    public IReadOnlyList<string> Tests { get; init; } = [];

    /// <summary>Sessions: where the students of new sessions are.</summary>
    public Sessions.SessionMode Mode { get; init; }

    /// <summary>Registrations: whether a row that names another session moves the student there.</summary>
    public bool Move { get; init; }
}

/// <summary>How many rows have each outcome.</summary>
public sealed record ImportCounts(long Create, long Update, long Same, long Reject, long Remove = 0);

/// <summary>Whom the sessions that a file moves concern, as it was when the file was read.</summary>
/// <param name="Sessions">How many sessions that have registered students get other dates.</param>
/// <param name="Candidates">Their students, each once a session.</param>
/// <param name="WithEmail">Those of them who can be written to: how many mails there would be.</param>
/// <param name="Reasons">What speaks for telling them; empty when nothing does.</param>
public sealed record ImportNotice(long Sessions, long Candidates, long WithEmail, IReadOnlyList<NoticeReason> Reasons)
{
    /// <summary>Whether sending is recommended.</summary>
    public bool Recommended => Reasons.Count > 0;

    internal static ImportNotice None => new(0, 0, 0, []);

    internal ImportNotice Add(RowNotice row) =>
        new(Sessions + 1, Candidates + row.Candidates, WithEmail + row.WithEmail, [.. Reasons.Union(row.Reasons).Order()]);
}

/// <summary>The same of one row.</summary>
internal sealed record RowNotice(long Candidates, long WithEmail, IReadOnlyList<NoticeReason> Reasons);

/// <summary>Why a file cannot be imported.</summary>
/// <param name="Code">As in docs/errors.md.</param>
public sealed record ImportProblem(string Code, string Detail);

/// <summary>A file whose rows become, or became, things of the organisation.</summary>
public sealed record Import
{
    public required string Id { get; init; }

    [JsonIgnore]
    public string OrganisationId { get; init; } = "";

    public required ImportKind Kind { get; init; }

    public required string FileName { get; init; }

    public required ImportOptions Options { get; init; }

    public ImportState State { get; init; }

    /// <summary>How many rows the file has; 0 until that is known.</summary>
    public long Rows { get; init; }

    /// <summary>How many of them were judged (<see cref="ImportState.Reading"/>) or written.</summary>
    public long Done { get; init; }

    public ImportCounts Counts { get; init; } = new(0, 0, 0, 0);

    /// <summary>Why nothing can be imported; null otherwise.</summary>
    public ImportProblem? Problem { get; init; }

    /// <summary>What the manager should know of the file as a whole; none of it stops the import.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Whom moved sessions concern; null when they concern nobody.</summary>
    public ImportNotice? Notice { get; init; }

    /// <summary>Whether those are told by mail, as was chosen when it was applied; null before.</summary>
    public bool? Notify { get; init; }

    /// <summary>Who sent it, or applied it.</summary>
    public required Person By { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was applied, cancelled or given up.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>A row of an import.</summary>
public sealed record ImportRow
{
    /// <summary>From 1, in the order of the file.</summary>
    public required long Position { get; init; }

    /// <summary>The row's number as a spreadsheet program shows it.</summary>
    public required long Line { get; init; }

    /// <summary>The file that it stands in; empty unless there are several.</summary>
    public string Part { get; init; } = "";

    /// <summary>What the row is about, such as a session's name.</summary>
    public string Subject { get; init; } = "";

    /// <summary>By column.</summary>
    public required IReadOnlyDictionary<string, string> Cells { get; init; }

    public RowOutcome Outcome { get; init; }

    /// <summary>Why the row is rejected.</summary>
    public IReadOnlyList<string> Wrong { get; init; } = [];

    /// <summary>What the manager should know; none of it stops the row.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>What it changes, or changed.</summary>
    public IReadOnlyList<FieldChange> Changes { get; init; } = [];

    /// <summary>The id of what was made or changed; null before.</summary>
    public string? SubjectId { get; init; }

    /// <summary>True once the row's outcome has happened.</summary>
    public bool Applied { get; init; }

    /// <summary>What stood there when the row was judged: whoever changed it since is not overwritten.</summary>
    [JsonIgnore]
    public string Seen { get; init; } = "";

    /// <summary>The id that the subject has, or will have when the row makes it; null where that is not known before.</summary>
    internal string? Foreseen { get; init; }

    internal RowNotice? Notice { get; init; }

    /// <summary>True when what became of the row is what its preview said, to the letter.</summary>
    internal bool CameTrue(ImportRow previewed) =>
        Outcome == previewed.Outcome && SubjectId == previewed.Foreseen && Seen == previewed.Seen
        && Wrong.SequenceEqual(previewed.Wrong) && Remarks.SequenceEqual(previewed.Remarks) && Changes.SequenceEqual(previewed.Changes);

    /// <summary>The row with what was found out about it.</summary>
    internal ImportRow With(RowVerdict verdict) => this with
    {
        Outcome = verdict.Outcome, Wrong = verdict.Wrong, Remarks = [.. Remarks.Union(verdict.Remarks, StringComparer.Ordinal)], Changes = verdict.Changes, Seen = verdict.Seen,
        SubjectId = verdict.SubjectId, Notice = verdict.Notice,
    };
}

/// <summary>A field that a row changes.</summary>
/// <param name="From">Empty where there was nothing.</param>
public sealed record FieldChange(string Field, string From, string To);

/// <summary>What a row would do to the organisation as it is now.</summary>
internal sealed record RowVerdict
{
    public required RowOutcome Outcome { get; init; }

    public IReadOnlyList<string> Wrong { get; init; } = [];

    public IReadOnlyList<string> Remarks { get; init; } = [];

    public IReadOnlyList<FieldChange> Changes { get; init; } = [];

    /// <summary>Everything that the row would overwrite, as one text.</summary>
    public string Seen { get; init; } = "";

    public string? SubjectId { get; init; }

    /// <summary>Whom a moved session concerns; null when it concerns nobody.</summary>
    public RowNotice? Notice { get; init; }

    public static RowVerdict Rejected(params IReadOnlyList<string> wrong) => new() { Outcome = RowOutcome.Reject, Wrong = wrong };
}
