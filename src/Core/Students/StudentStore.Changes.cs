using LiveProctor.Core.Groups;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Students;

/// <summary>
/// Students inside a change: a class or a whole import in a few statements, however many they are.
/// Changes lock in this order: sessions, students, groups, registrations, the organisation's credits.
/// </summary>
public sealed partial class StudentStore
{
    private const int UserIdLength = 8;

    /// <summary>Those of the ids that are students of the organisation, locked in the order of their ids until the change ends.</summary>
    public static async Task<IReadOnlySet<string>> Lock(Change change, string organisationId, IReadOnlyCollection<string> ids)
    {
        // Nothing looks up an expression: SQLite would go through the whole organisation for a handful of ids.
        var sql = $"""
            SELECT id FROM students WHERE organisation_id || '' = @organisationId AND NOT deleted AND {change.Dialect.Among("id", "@ids")} ORDER BY id{change.Dialect.ForNoKeyUpdate}
            """;
        return ids.Count == 0
            ? new HashSet<string>(StringComparer.Ordinal)
            : (await change.All<string>(sql, new { organisationId, ids = new Many(ids) })).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The student, locked; null when the organisation has none of this id.</summary>
    public static async Task<Student?> Load(Change change, string organisationId, string id) =>
        (await Lock(change, organisationId, [id])).Count == 0 ? null : (await Read(change, organisationId, [id])) is [var student] ? student : null;

    /// <summary>The students with these external IDs, by <see cref="Student.Key"/>.</summary>
    /// <param name="locked">False for a look at them as they are now.</param>
    public static async Task<IReadOnlyDictionary<string, Student>> ByExternalIds(Change change, string organisationId, IEnumerable<string> externalIds, bool locked = true)
    {
        var keys = externalIds.Select(Student.Key).ToHashSet(StringComparer.Ordinal);
        var ids = (IReadOnlyCollection<string>)[.. (await Ids(change, organisationId, keys)).Values];
        if (locked)
        {
            await Lock(change, organisationId, ids);
        }

        // Read behind the locks: somebody may have changed one meanwhile, even the external ID.
        return (await Read(change, organisationId, ids))
            .Select(student => KeyValuePair.Create(Student.Key(student.ExternalId), student)).Where(pair => keys.Contains(pair.Key))
            .ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>The ids of the students with these external IDs, by <see cref="Student.Key"/>.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> Ids(Change change, string organisationId, IReadOnlyCollection<string> keys)
    {
        var wanted = new Rows<string>(keys).Text("wanted", key => key);
        var sql = change.Dialect.PlannedAnew($"""
            SELECT rows.wanted, students.id FROM {wanted.From(change.Dialect)}
            {change.Dialect.EachFinds("students", "students.organisation_id = @organisationId AND students.external_key = rows.wanted AND NOT students.deleted")}
            """);
        return keys.Count == 0
            ? new Dictionary<string, string>(StringComparer.Ordinal)
            : (await change.All<(string Key, string Id)>(sql, wanted.Parameters(change.Dialect, new { organisationId }))).ToDictionary(row => row.Key, row => row.Id, StringComparer.Ordinal);
    }

    /// <summary>Adds students, with those of their groups that do not exist yet, and gives them user IDs. Who has an external ID that is taken is left out.</summary>
    /// <returns>Those added, as they are kept from now on.</returns>
    public static async Task<IReadOnlyList<Student>> Insert(Change change, string organisationId, IReadOnlyCollection<Student> students)
    {
        if (students.Count == 0)
        {
            return [];
        }

        var fresh = await WithUserIds(change, organisationId, students);
        var rows = Values(fresh.OrderBy(student => Student.Key(student.ExternalId), StringComparer.Ordinal).ToList()).Text("page_secret", _ => Secret.New()).Instant("created_at", student => student.CreatedAt);
        const string columns = "id, external_id, external_key, user_id, given_name, family_name, email, language, settings, version, page_secret, created_at";
        var sql = $"""
            INSERT INTO students (organisation_id, {columns}) SELECT @organisationId, {columns} FROM {rows.From(change.Dialect)} WHERE true ORDER BY position
            ON CONFLICT (organisation_id, external_key) DO NOTHING RETURNING id
            """;
        var added = (await change.All<string>(sql, rows.Parameters(change.Dialect, new { organisationId }))).ToHashSet(StringComparer.Ordinal);
        return await GroupStore.Put(change, organisationId, [.. fresh.Where(student => added.Contains(student.Id))], fresh: true);
    }

    /// <summary>Writes students that the change has locked over what they were, with their groups.</summary>
    /// <returns>As they are kept from now on; null when an external ID among them is taken by somebody else.</returns>
    public static async Task<IReadOnlyList<Student>?> Save(Change change, string organisationId, IReadOnlyCollection<Student> students)
    {
        if (students.Count == 0)
        {
            return [];
        }

        // SQLite takes the left side of a CROSS JOIN first, and no index for an expression: each row finds its student, and not each student its row.
        var rows = Values(students);
        var clash = $"""
            SELECT count(*) FROM {rows.From(change.Dialect)} CROSS JOIN students
            WHERE students.organisation_id = @organisationId AND students.external_key = rows.external_key AND students.id <> rows.id
            """;
        if (await change.One<long>(clash, rows.Parameters(change.Dialect, new { organisationId })) > 0)
        {
            return null;
        }

        var sql = $"""
            UPDATE students SET external_id = rows.external_id, external_key = rows.external_key, given_name = rows.given_name, family_name = rows.family_name,
                                email = rows.email, language = rows.language, settings = rows.settings, version = rows.version
            FROM {rows.From(change.Dialect)} WHERE students.id = rows.id AND students.organisation_id || '' = @organisationId
            """;
        await change.Execute(sql, rows.Parameters(change.Dialect, new { organisationId }));
        return await GroupStore.Put(change, organisationId, students);
    }

    /// <summary>Takes a student that the change has locked off every list. The external ID is free again; the user ID, which tickets carry, never is.</summary>
    public static Task Remove(Change change, string organisationId, Student student) => Remove(change, organisationId, [student]);

    /// <summary>The same for many, in a few statements.</summary>
    public static async Task Remove(Change change, string organisationId, IReadOnlyCollection<Student> students)
    {
        if (students.Count == 0)
        {
            return;
        }

        await GroupStore.Put(change, organisationId, [.. students.Select(student => student with { Groups = [] })]);

        // Keys of students are upper case: this is nobody's.
        await change.Execute(
            $"UPDATE students SET deleted = true, external_key = 'removed ' || id, version = version + 1 WHERE organisation_id || '' = @organisationId AND {change.Dialect.Among("id", "@ids")}",
            new { ids = new Many(students.Select(student => student.Id)), organisationId });
    }

    private static async Task<IReadOnlyList<Student>> Read(Change change, string organisationId, IReadOnlyCollection<string> ids)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        var sql = $"SELECT {Columns} FROM students WHERE organisation_id || '' = @organisationId AND NOT deleted AND {change.Dialect.Among("id", "@ids")}";
        var rows = await change.All<Row>(sql, new { organisationId, ids = new Many(ids) });
        return WithGroups(rows, await change.All<(string, string)>(GroupStore.NamesSql(change.Dialect), new { ids = new Many(rows.Select(row => row.Id)) }));
    }

    // Two random user IDs are the same once in hundreds of thousands of students.
    private static async Task<IReadOnlyList<Student>> WithUserIds(Change change, string organisationId, IReadOnlyCollection<Student> students)
    {
        var drawn = Secret.NewReadable(UserIdLength * students.Count).Chunk(UserIdLength).Select(characters => new string(characters)).ToList();
        var wanted = new Rows<string>(drawn).Text("wanted", userId => userId);
        var sql = change.Dialect.PlannedAnew($"""
            SELECT students.user_id FROM {wanted.From(change.Dialect)}
            {change.Dialect.EachFinds("students", "students.organisation_id = @organisationId AND students.user_id = rows.wanted")}
            """);
        var taken = (await change.All<string>(sql, wanted.Parameters(change.Dialect, new { organisationId }))).ToHashSet(StringComparer.Ordinal);
        return [.. students.Zip(drawn, (student, userId) =>
        {
            while (!taken.Add(userId))
            {
                userId = Secret.NewReadable(UserIdLength);
            }

            return student with { UserId = userId };
        })];
    }

    private static Rows<Student> Values(IReadOnlyCollection<Student> students) => new Rows<Student>(students)
        .Text("id", student => student.Id).Text("external_id", student => student.ExternalId).Text("external_key", student => Student.Key(student.ExternalId))
        .Text("user_id", student => student.UserId).Text("given_name", student => student.GivenName).Text("family_name", student => student.FamilyName)
        .Text("email", student => student.Email).Text("language", student => student.Language).Text("settings", student => Json.Write(student.Settings))
        .Number("version", student => student.Version);
}
