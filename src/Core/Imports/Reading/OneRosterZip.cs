using System.IO.Compression;
using LiveProctor.Core.Imports.Kinds;
using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Imports.Reading;

/// <summary>
/// Reads students and their classes out of a OneRoster zip (1EdTech OneRoster CSV Binding 1.1 and 1.2): <c>manifest.csv, users.csv, orgs.csv, classes.csv,
/// enrollments.csv</c> and in 1.2 <c>roles.csv</c>. A row a user, as in users.csv; who is no student is left alone. After them a row a class that somebody may leave.
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

        var users = Says(properties, "users", "absent") ? Empty : Table(zip, "users.csv", Users, FileLimits.Rows);
        var roles = version == "1.2" ? Table(zip, "roles.csv", Roles, MostEnrollments) : Empty;
        var tables = Tables(zip, properties);
        if (users.Failed(out problem) || roles.Failed(out problem) || tables.Failed(out problem))
        {
            return problem;
        }

        var (classes, orgs, enrollments) = tables.Value;
        var names = OneRosterClasses.Names([.. classes.Where(IsActive)], orgs);
        var groups = enrollments.Where(row => IsActive(row) && IsStudents(row) && names.ContainsKey(row.Cells["classSourcedId"]))
            .ToLookup(row => row.Cells["userSourcedId"], row => names[row.Cells["classSourcedId"]], StringComparer.Ordinal);
        var students = Rows(users.Value, roles.Value, groups, version);
        return ([.. students, .. OneRosterClasses.Left(classes, orgs, names, enrollments, users.Value, Says(properties, "enrollments", "bulk"))], []);
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
                [StudentColumns.ExternalId] = ExternalId(user),
                [StudentColumns.GivenName] = First(user.Cells.Get("preferredGivenName"), user.Cells["givenName"]),
                [StudentColumns.FamilyName] = user.Cells["familyName"],
                [StudentColumns.Email] = user.Cells.Get("email"),
                [StudentColumns.Groups] = string.Join(";", groups[id].Distinct(StringComparer.OrdinalIgnoreCase)),
            };
            var gone = !IsActive(user) && (held.All(role => role.Length == 0) || held.Contains(Student, StringComparer.OrdinalIgnoreCase));
            var why = gone ? null
                : !held.Contains(Student, StringComparer.OrdinalIgnoreCase) ? $"Left alone: the user is {(held.FirstOrDefault() is { Length: > 0 } role ? role : "without a role")}, no student."
                : user.Cells.Get("enabledUser").Equals("false", StringComparison.OrdinalIgnoreCase) ? "Left alone: the user is not enabled."
                : null;
            if (gone || why is not null)
            {
                cells[gone ? OneRosterRows.Gone : StudentRows.LeftAlone] = "1";
            }

            return user with { Cells = cells, Part = "users.csv", Wrong = why is null ? user.Wrong : [], Remarks = why is null ? user.Remarks : [why] };
        })];
    }

    private static Result<(IReadOnlyList<NamedRow> Classes, IReadOnlyList<NamedRow> Orgs, IReadOnlyList<NamedRow> Enrollments)> Tables(ZipArchive zip, Dictionary<string, string> properties)
    {
        bool Has(string table) => properties.ContainsKey($"file.{table}") && !Says(properties, table, "absent");
        var classes = Has("classes") ? Table(zip, "classes.csv", Classes, MostOthers) : Empty;
        var orgs = Has("orgs") ? Table(zip, "orgs.csv", Orgs, MostOthers) : Empty;
        var enrollments = Has("enrollments") ? Table(zip, "enrollments.csv", Enrollments, MostEnrollments) : Empty;
        return classes.Failed(out var problem) || orgs.Failed(out problem) || enrollments.Failed(out problem) ? problem : (classes.Value, orgs.Value, enrollments.Value);
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

    private static Result<IReadOnlyList<NamedRow>> Empty => new List<NamedRow>();

    private static bool Says(Dictionary<string, string> properties, string table, string mode) =>
        string.Equals(properties.GetValueOrDefault($"file.{table}"), mode, StringComparison.OrdinalIgnoreCase);

    /// <summary>The external ID of a user of users.csv.</summary>
    internal static string ExternalId(NamedRow user) => First(user.Cells.Get("identifier"), user.Cells["sourcedId"]);

    internal static bool IsActive(NamedRow row) => !row.Cells.Get("status").Equals("tobedeleted", StringComparison.OrdinalIgnoreCase);

    /// <summary>True where an enrollment is a student's.</summary>
    internal static bool IsStudents(NamedRow enrollment) => enrollment.Cells["role"].Equals(Student, StringComparison.OrdinalIgnoreCase);

    internal static string First(string text, string otherwise) => text.Length > 0 ? text : otherwise;

    private static IReadOnlyList<ImportColumn> Named(params string[] names) => [.. names.Select(name => new ImportColumn(name.TrimEnd('*'), name.EndsWith('*'), ""))];
}
