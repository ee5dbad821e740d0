using LiveProctor.Core.Groups;
using LiveProctor.Core.Imports.Reading;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Students;

namespace LiveProctor.Core.Imports.Kinds;

/// <summary>
/// The rows of a OneRoster zip: users who are or become students, users who are marked to be deleted, and after them the classes that somebody leaves.
/// </summary>
internal sealed class OneRosterRows : IRowKind
{
    /// <summary>A cell of users who are marked to be deleted.</summary>
    public const string Gone = "to_be_deleted";

    /// <summary>A cell of classes: the group's name.</summary>
    public const string Class = "class";

    /// <summary>A cell of classes: a list of external IDs, beside whom everybody leaves. Missing where <see cref="Leave"/> is there.</summary>
    public const string Stay = "stay";

    /// <summary>A cell of classes: a list of the external IDs of those who leave.</summary>
    public const string Leave = "leave";

    private static readonly StudentRows Students = new(addsGroups: true);

    public IReadOnlyList<ImportColumn> Columns => StudentColumns.All;

    public int AtOnce => 2_000;

    public string Subject(IReadOnlyDictionary<string, string> cells) => cells.TryGetValue(Class, out var name) ? name : Students.Subject(cells);

    public string Key(IReadOnlyDictionary<string, string> cells) => cells.TryGetValue(Class, out var name) ? $"class\n{Group.Key(name)}" : Students.Key(cells);

    public async Task<IReadOnlyList<RowVerdict>> Run(Change change, Import import, IReadOnlyList<ImportRow> rows, bool apply)
    {
        var gone = rows.Where(row => row.Cells.ContainsKey(Gone)).ToList();
        var classes = rows.Where(row => row.Cells.ContainsKey(Class)).ToList();
        var students = rows.Where(row => !row.Cells.ContainsKey(Gone) && !row.Cells.ContainsKey(Class)).ToList();
        var members = await LeavingRows.Members(change, import.OrganisationId, classes);
        if (apply)
        {
            await GoneRows.LockSessions(change, import.OrganisationId, gone);
            await StudentStore.ByExternalIds(change, import.OrganisationId, rows.Select(row => row.Cells.Get(StudentColumns.ExternalId)).Concat(members));
        }

        var found = new Dictionary<long, RowVerdict>();
        Keep(gone, await GoneRows.Run(change, import.OrganisationId, gone, apply));
        Keep(students, await Students.Run(change, import, students, apply));
        Keep(classes, await LeavingRows.Run(change, import.OrganisationId, classes, members, apply));
        return [.. rows.Select(row => found[row.Position])];

        void Keep(IEnumerable<ImportRow> of, IReadOnlyList<RowVerdict> verdicts)
        {
            foreach (var (row, verdict) in of.Zip(verdicts))
            {
                found[row.Position] = verdict;
            }
        }
    }
}
