using LiveProctor.Core.Imports.Kinds;

namespace LiveProctor.Core.Imports.Reading;

/// <summary>The classes of a OneRoster zip: what their groups are called, and who leaves them.</summary>
internal static class OneRosterClasses
{
    /// <summary>The groups' names by sourcedId: the title, and where several classes have it the school or else the class code beside it.</summary>
    public static Dictionary<string, string> Names(IReadOnlyList<NamedRow> classes, IReadOnlyList<NamedRow> orgs)
    {
        var schools = orgs.GroupBy(row => row.Cells["sourcedId"], StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First().Cells["name"], StringComparer.Ordinal);
        Func<NamedRow, string>[] forms =
        [
            row => row.Cells["title"],
            row => $"{row.Cells["title"]} ({schools.GetValueOrDefault(row.Cells.Get("schoolSourcedId"), row.Cells.Get("classCode"))})",
            row => $"{row.Cells["title"]} ({OneRosterZip.First(row.Cells.Get("classCode"), row.Cells["sourcedId"])})",
            row => $"{row.Cells["title"]} ({row.Cells["sourcedId"]})",
        ];
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var open = classes.DistinctBy(row => row.Cells["sourcedId"], StringComparer.Ordinal).ToList();
        foreach (var form in forms)
        {
            var taken = open.GroupBy(form, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() == 1 || form == forms[^1]).SelectMany(group => group).ToList();
            foreach (var row in taken)
            {
                // A semicolon would be two groups.
                var name = form(row).Replace(';', ',').Replace('|', '/').Trim();
                names[row.Cells["sourcedId"]] = name.Length <= 100 ? name : name[..100].Trim();
            }

            open = [.. open.Except(taken)];
        }

        return names;
    }

    /// <summary>
    /// A row for each class that somebody may leave. In a bulk file who is not enrolled is not in the class; in a delta file only enrollments that are
    /// marked to be deleted end. A class that is marked to be deleted is left by all.
    /// </summary>
    /// <param name="names">Of the active classes.</param>
    /// <param name="bulk">What the manifest says of enrollments.csv.</param>
    public static IEnumerable<NamedRow> Left(
        IReadOnlyList<NamedRow> classes, IReadOnlyList<NamedRow> orgs, Dictionary<string, string> names, IReadOnlyList<NamedRow> enrollments, IReadOnlyList<NamedRow> users, bool bulk)
    {
        var ids = users.DistinctBy(user => user.Cells["sourcedId"], StringComparer.Ordinal).ToDictionary(user => user.Cells["sourcedId"], OneRosterZip.ExternalId, StringComparer.Ordinal);

        // Who goes altogether has a row of users.csv for it.
        var gone = users.Where(user => !OneRosterZip.IsActive(user)).Select(OneRosterZip.ExternalId).ToList();
        var byClass = enrollments.Where(OneRosterZip.IsStudents).ToLookup(row => row.Cells["classSourcedId"], StringComparer.Ordinal);
        foreach (var row in classes.DistinctBy(row => row.Cells["sourcedId"], StringComparer.Ordinal).Where(OneRosterZip.IsActive))
        {
            var enrolled = byClass[row.Cells["sourcedId"]].Where(OneRosterZip.IsActive).Select(enrollment => enrollment.Cells["userSourcedId"]).ToHashSet(StringComparer.Ordinal);
            var ended = byClass[row.Cells["sourcedId"]].Where(enrollment => !OneRosterZip.IsActive(enrollment)).Select(enrollment => enrollment.Cells["userSourcedId"]).Except(enrolled).Select(External).Except(gone).ToList();
            if (bulk && enrolled.All(ids.ContainsKey))
            {
                yield return Of(row, names[row.Cells["sourcedId"]], OneRosterRows.Stay, [.. enrolled.Select(External), .. gone]);
            }
            else if (ended.Count > 0)
            {
                yield return Of(row, names[row.Cells["sourcedId"]], OneRosterRows.Leave, ended);
            }
        }

        // A group that an active class has is not the deleted one's, whatever that was called before.
        var over = classes.Where(row => !OneRosterZip.IsActive(row)).ToList();
        foreach (var (id, name) in Names(over, orgs).Where(pair => !names.ContainsKey(pair.Key) && !names.ContainsValue(pair.Value)))
        {
            yield return Of(over.First(row => row.Cells["sourcedId"] == id), name, OneRosterRows.Stay, gone);
        }

        string External(string user) => ids.GetValueOrDefault(user, user);
    }

    private static NamedRow Of(NamedRow row, string name, string list, IReadOnlyList<string> externalIds) => row with
    {
        Part = "classes.csv",
        Cells = new Dictionary<string, string>(StringComparer.Ordinal) { [OneRosterRows.Class] = name, [list] = Json.Write(externalIds) },
    };
}
