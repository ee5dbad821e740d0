using System.IO.Compression;
using LiveProctor.Core.Imports.Kinds;
using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Imports.Reading;

/// <summary>
/// Reads students and their classes out of a OneRoster zip (1EdTech OneRoster CSV Binding 1.1 and 1.2): <c>manifest.csv, users.csv, orgs.csv, classes.csv,
/// enrollments.csv</c> and in 1.2 <c>roles.csv</c>. A row a user, as in users.csv; who is no student is left alone.
/// Problems: importUnreadable, importTooLong.
/// </summary>
internal static class OneRosterZip
{
    private const int MostEnrollments = 200_000;
    private const int MostOthers = 20_000;
    private const string Student = "student";

    private static readonly IReadOnlyList<ImportColumn> Manifest = Named("propertyName*", "value*");
    private static readonly IReadOnlyList<ImportColumn> Users = Named("sourcedId*", "status", "enabledUser", "role", "givenName*", "familyName*", "identifier", "email", "preferredGivenName");
    private static readonly IReadOnlyList<ImportColumn> Roles = Named("userSourcedId*", "status", "role*");
    private static readonly IReadOnlyList<ImportColumn> Classes = Named("sourcedId*", "status", "title*", "classCode", "schoolSourcedId");
    private static readonly IReadOnlyList<ImportColumn> Orgs = Named("sourcedId*", "name*");
    private static readonly IReadOnlyList<ImportColumn> Enrollments = Named("classSourcedId*", "userSourcedId*", "role*", "status");

    public static Result<(IReadOnlyList<NamedRow> Rows, IReadOnlyList<string> Remarks)> Read(byte[] bytes)
    {
        if (!ImportFile.IsZip(bytes))
        {
            return new Problem(ProblemKind.ImportUnreadable, "A OneRoster file is a zip with manifest.csv, users.csv and the other tables in it.");
        }

        if (SafeZip.WhyNot(bytes) is { } problem)
        {
            return problem;
        }

        using var zip = new ZipArchive(new MemoryStream(bytes, writable: false));
        var manifest = Table(zip, "manifest.csv", Manifest, MostOthers);
        if (manifest.Failed(out problem))
        {
            return problem;
        }

        var properties = manifest.Value.GroupBy(row => row.Cells["propertyName"], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.Last().Cells["value"], StringComparer.OrdinalIgnoreCase);
        var version = properties.GetValueOrDefault("oneroster.version", "");
        if (version is not ("1.1" or "1.2"))
        {
            return new Problem(ProblemKind.ImportUnreadable, $"manifest.csv says OneRoster version “{version}”; 1.1 and 1.2 can be read.");
        }

        var users = Table(zip, "users.csv", Users, FileLimits.Rows);
        var roles = version == "1.2" ? Table(zip, "roles.csv", Roles, MostEnrollments) : Empty;
        var groups = Groups(zip, properties);
        return users.Failed(out problem) || roles.Failed(out problem) || groups.Failed(out problem)
            ? problem
            : (Rows(users.Value, roles.Value, groups.Value.ByUser, version), []);
    }

    private static IReadOnlyList<NamedRow> Rows(IReadOnlyList<NamedRow> users, IReadOnlyList<NamedRow> roles, ILookup<string, string> groups, string version)
    {
        var byUser = roles.Where(IsActive).ToLookup(row => row.Cells["userSourcedId"], row => row.Cells["role"], StringComparer.Ordinal);
        return [.. users.Select(user =>
        {
            var id = user.Cells["sourcedId"];
            IEnumerable<string> held = version == "1.2" ? byUser[id] : [user.Cells.Get("role")];
            var cells = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [StudentColumns.ExternalId] = First(user.Cells.Get("identifier"), id),
                [StudentColumns.GivenName] = First(user.Cells.Get("preferredGivenName"), user.Cells["givenName"]),
                [StudentColumns.FamilyName] = user.Cells["familyName"],
                [StudentColumns.Email] = user.Cells.Get("email"),
                [StudentColumns.Groups] = string.Join(";", groups[id].Distinct(StringComparer.OrdinalIgnoreCase)),
            };
            var why = !held.Contains(Student, StringComparer.OrdinalIgnoreCase) ? $"Left alone: the user is {(held.FirstOrDefault() is { Length: > 0 } role ? role : "without a role")}, no student."
                : !IsActive(user) ? "Left alone: marked to be deleted. An import deletes nobody."
                : user.Cells.Get("enabledUser").Equals("false", StringComparison.OrdinalIgnoreCase) ? "Left alone: the user is not enabled."
                : null;
            if (why is not null)
            {
                cells[StudentRows.LeftAlone] = "1";
            }

            return user with { Cells = cells, Part = "users.csv", Wrong = why is null ? user.Wrong : [], Remarks = why is null ? user.Remarks : [why] };
        })];
    }

    /// <summary>The names of the groups by user.</summary>
    private static Result<Memberships> Groups(ZipArchive zip, Dictionary<string, string> properties)
    {
        bool Has(string table) => !string.Equals(properties.GetValueOrDefault($"file.{table}", "absent"), "absent", StringComparison.OrdinalIgnoreCase);
        var classes = Has("classes") ? Table(zip, "classes.csv", Classes, MostOthers) : Empty;
        var orgs = Has("orgs") ? Table(zip, "orgs.csv", Orgs, MostOthers) : Empty;
        var enrollments = Has("enrollments") ? Table(zip, "enrollments.csv", Enrollments, MostEnrollments) : Empty;
        if (classes.Failed(out var problem) || orgs.Failed(out problem) || enrollments.Failed(out problem))
        {
            return problem;
        }

        var names = ClassNames(classes.Value.Where(IsActive).ToList(), orgs.Value);
        var memberships = enrollments.Value
            .Where(row => IsActive(row) && row.Cells["role"].Equals(Student, StringComparison.OrdinalIgnoreCase) && names.ContainsKey(row.Cells["classSourcedId"]))
            .ToLookup(row => row.Cells["userSourcedId"], row => names[row.Cells["classSourcedId"]], StringComparer.Ordinal);
        return new Memberships(memberships);
    }

    // The title, and where several classes have it the school or else the class code beside it.
    private static Dictionary<string, string> ClassNames(List<NamedRow> classes, IReadOnlyList<NamedRow> orgs)
    {
        var schools = orgs.GroupBy(row => row.Cells["sourcedId"], StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First().Cells["name"], StringComparer.Ordinal);
        Func<NamedRow, string>[] forms =
        [
            row => row.Cells["title"],
            row => $"{row.Cells["title"]} ({schools.GetValueOrDefault(row.Cells.Get("schoolSourcedId"), row.Cells.Get("classCode"))})",
            row => $"{row.Cells["title"]} ({First(row.Cells.Get("classCode"), row.Cells["sourcedId"])})",
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

    private static Result<IReadOnlyList<NamedRow>> Table(ZipArchive zip, string name, IReadOnlyList<ImportColumn> columns, int most)
    {
        if (zip.Entries.FirstOrDefault(entry => entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } entry)
        {
            return new Problem(ProblemKind.ImportUnreadable, $"The zip has no {name}.");
        }

        using var unpacked = new MemoryStream();
        using (var packed = entry.Open())
        {
            packed.CopyTo(unpacked);
        }

        var table = CsvTable.Read(unpacked.ToArray(), header => ColumnMatch.Recognised(columns, header), most);
        if (table.Failed(out var problem))
        {
            return problem with { Detail = $"{name}: {problem.Detail}" };
        }

        if (table.Value.Rows.Count == 1 && name != "users.csv")
        {
            return Empty;
        }

        var read = ColumnMatch.Read(columns, table.Value);
        return read.Failed(out problem) ? problem with { Detail = $"{name}: {problem.Detail}" } : read.Value.Rows.ToList();
    }

    private sealed record Memberships(ILookup<string, string> ByUser);

    private static Result<IReadOnlyList<NamedRow>> Empty => new List<NamedRow>();

    private static bool IsActive(NamedRow row) => !row.Cells.Get("status").Equals("tobedeleted", StringComparison.OrdinalIgnoreCase);

    private static string First(string text, string otherwise) => text.Length > 0 ? text : otherwise;

    private static IReadOnlyList<ImportColumn> Named(params string[] names) => [.. names.Select(name => new ImportColumn(name.TrimEnd('*'), name.EndsWith('*'), ""))];
}
