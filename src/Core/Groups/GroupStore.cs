using Dapper;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Students;

namespace LiveProctor.Core.Groups;

/// <summary>Where groups and who belongs to them are kept.</summary>
public sealed class GroupStore(Db db)
{
    private const string CursorOf = "groups";

    private const string Columns = """
        id AS Id, name AS Name, version AS Version, (SELECT count(*) FROM group_members WHERE group_id = groups.id) AS Size
        """;

    /// <summary>A page of the organisation's groups by name.</summary>
    /// <param name="search">Part of the name; empty for all.</param>
    /// <param name="cursor"><see cref="Page{T}.Next"/> of the page before; empty for the first. <c>invalid</c> when it is none of this list.</param>
    public async Task<Result<Page<Group>>> List(string organisationId, string search, string? cursor, int limit)
    {
        if (Cursor.Read(CursorOf, cursor) is not { } after)
        {
            return Problem.Invalid(("cursor", "This is no cursor of this list."));
        }

        var matches = search.Length == 0 ? "" : $"AND {db.Dialect.Contains("name_key", "@pattern")}";
        var sql = $"SELECT {Columns} FROM groups WHERE organisation_id = @organisationId AND name_key > @after {matches} ORDER BY name_key LIMIT @take";
        var parameters = new { organisationId, after, pattern = Dialect.Anywhere(search.ToUpperInvariant()), take = limit + 1 };
        var rows = await db.Read(async connection => (await connection.QueryAsync<Row>(sql, parameters)).Select(row => row.Group).ToList());
        return Page.Of(rows, limit, last => Cursor.Write(CursorOf, Group.Key(last.Name)));
    }

    /// <summary>The group of the organisation; null when there is none.</summary>
    public Task<Group?> Find(string organisationId, string id) => db.Read(async connection =>
        (await connection.QuerySingleOrDefaultAsync<Row>($"SELECT {Columns} FROM groups WHERE id = @id AND organisation_id = @organisationId", new { id, organisationId }))?.Group);

    /// <summary>Reads (student, group name) of the students @ids, each student's groups in the order of their names.</summary>
    public static string NamesSql(Dialect dialect) => $"""
        SELECT group_members.student_id, groups.name FROM group_members JOIN groups ON groups.id = group_members.group_id
        WHERE {dialect.Among("group_members.student_id", "@ids")} ORDER BY groups.name_key
        """;

    /// <summary>The group inside a change that leaves it as it is; null when the organisation has none of this id.</summary>
    public static async Task<Group?> Find(Change change, string organisationId, string id) =>
        (await change.Find<Row>($"SELECT {Columns} FROM groups WHERE id = @id AND organisation_id = @organisationId", new { id, organisationId }))?.Group;

    /// <summary>The group inside a change, locked.</summary>
    public static async Task<Group?> Load(Change change, string organisationId, string id)
    {
        await change.Find<string>($"SELECT id FROM groups WHERE id = @id AND organisation_id = @organisationId{change.Dialect.ForNoKeyUpdate}", new { id, organisationId });
        return await Find(change, organisationId, id);
    }

    /// <summary>Adds a group; false when the name is taken.</summary>
    public static async Task<bool> Insert(Change change, string organisationId, Group group)
    {
        const string sql = """
            INSERT INTO groups (id, organisation_id, name, name_key, created_at, version) VALUES (@Id, @organisationId, @Name, @key, @at, @Version)
            ON CONFLICT (organisation_id, name_key) DO NOTHING
            """;
        return await change.Execute(sql, new { group.Id, organisationId, group.Name, key = Group.Key(group.Name), at = change.Now, group.Version }) == 1;
    }

    /// <summary>Writes a locked group's name and version; false when the name is taken by another.</summary>
    public static async Task<bool> Save(Change change, string organisationId, Group group)
    {
        const string sql = """
            UPDATE groups SET name = @Name, name_key = @key, version = @Version
            WHERE id = @Id AND organisation_id = @organisationId
              AND NOT EXISTS (SELECT 1 FROM groups other WHERE other.organisation_id = @organisationId AND other.name_key = @key AND other.id <> @Id)
            """;
        return await change.Execute(sql, new { group.Id, organisationId, group.Name, key = Group.Key(group.Name), group.Version }) == 1;
    }

    /// <summary>Takes a locked group away; its students stay.</summary>
    public static async Task Remove(Change change, string organisationId, string id)
    {
        await change.Execute("DELETE FROM group_members WHERE group_id = @id", new { id });
        await change.Execute("DELETE FROM groups WHERE id = @id AND organisation_id = @organisationId", new { id, organisationId });
    }

    /// <summary>Who belongs to the group, by id.</summary>
    public static Task<IReadOnlyList<string>> Members(Change change, string groupId) =>
        change.All<string>("SELECT student_id FROM group_members WHERE group_id = @groupId ORDER BY student_id", new { groupId });

    /// <summary>Makes exactly these locked students the members of a locked group.</summary>
    public static async Task SetMembers(Change change, string groupId, IReadOnlyCollection<string> studentIds)
    {
        await change.Execute("DELETE FROM group_members WHERE group_id = @groupId", new { groupId });
        await Join(change, [.. studentIds.Select(student => (groupId, student))]);
    }

    /// <summary>The groups of these names by <see cref="Group.Key"/>, locked; those that do not exist yet are made.</summary>
    public static async Task<IReadOnlyDictionary<string, Group>> Ensure(Change change, string organisationId, IEnumerable<string> names)
    {
        var wanted = names.GroupBy(Group.Key, StringComparer.Ordinal).OrderBy(same => same.Key, StringComparer.Ordinal).Select(same => (same.Key, Name: same.First().Trim())).ToList();
        if (wanted.Count == 0)
        {
            return new Dictionary<string, Group>(StringComparer.Ordinal);
        }

        var rows = new Rows<(string Key, string Name)>(wanted).Text("id", _ => Id.New(change.Now)).Text("name", group => group.Name).Text("name_key", group => group.Key);
        var insert = $"""
            INSERT INTO groups (id, organisation_id, name, name_key, created_at, version)
            SELECT id, @organisationId, name, name_key, @at, 1 FROM {rows.From(change.Dialect)} WHERE true ORDER BY position
            ON CONFLICT (organisation_id, name_key) DO NOTHING
            """;
        await change.Execute(insert, rows.Parameters(change.Dialect, new { organisationId, at = change.Now }));
        var read = $"""
            SELECT id AS Id, name AS Name, version AS Version FROM groups WHERE organisation_id = @organisationId AND {change.Dialect.Among("name_key", "@keys")}
            ORDER BY id{change.Dialect.ForNoKeyUpdate}
            """;
        return (await change.All<Row>(read, new { organisationId, keys = new Many(wanted.Select(group => group.Key)) }))
            .ToDictionary(row => Group.Key(row.Name), row => row.Group, StringComparer.Ordinal);
    }

    /// <summary>Makes locked students the members of exactly the groups that they name; missing groups are made.</summary>
    /// <param name="fresh">True for students whom this change has just made: they are members of nothing.</param>
    /// <returns>The students with the names as the groups have them, in the order in which they are listed.</returns>
    public static async Task<IReadOnlyList<Student>> Put(Change change, string organisationId, IReadOnlyCollection<Student> students, bool fresh = false)
    {
        var groups = await Ensure(change, organisationId, students.SelectMany(student => student.Groups));
        var wanted = students.SelectMany(student => student.Groups.Select(name => (Group: groups[Group.Key(name)].Id, Student: student.Id))).ToHashSet();
        var read = $"SELECT group_id, student_id FROM group_members WHERE {change.Dialect.Among("student_id", "@ids")}";
        var now = fresh ? [] : (await change.All<(string Group, string Student)>(read, new { ids = new Many(students.Select(student => student.Id)) })).ToHashSet();
        var leave = now.Except(wanted).ToList();
        var join = wanted.Except(now).ToList();
        if (leave.Count > 0)
        {
            var rows = new Rows<(string Group, string Student)>(leave).Text("group_id", pair => pair.Group).Text("student_id", pair => pair.Student);
            await change.Execute($"DELETE FROM group_members WHERE (group_id, student_id) IN (SELECT group_id, student_id FROM {rows.From(change.Dialect)})", rows.Parameters(change.Dialect));
        }

        await Join(change, join, fresh);
        var touched = leave.Concat(join).Select(pair => pair.Group).Distinct(StringComparer.Ordinal).ToArray();
        if (touched.Length > 0)
        {
            await change.All<string>($"SELECT id FROM groups WHERE {change.Dialect.Among("id", "@touched")} ORDER BY id{change.Dialect.ForNoKeyUpdate}", new { touched = new Many(touched) });
            await change.Execute($"UPDATE groups SET version = version + 1 WHERE {change.Dialect.Among("id", "@touched")}", new { touched = new Many(touched) });
        }

        return [.. students.Select(student => student with
        {
            Groups = [.. student.Groups.Select(Group.Key).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(key => groups[key].Name)],
        })];
    }

    // To be ready for a conflict costs each row, also where there can be none.
    private static async Task Join(Change change, IReadOnlyCollection<(string Group, string Student)> pairs, bool fresh = false)
    {
        if (pairs.Count == 0)
        {
            return;
        }

        var rows = new Rows<(string Group, string Student)>(pairs).Text("group_id", pair => pair.Group).Text("student_id", pair => pair.Student);
        await change.Execute(
            $"INSERT INTO group_members (group_id, student_id) SELECT group_id, student_id FROM {rows.From(change.Dialect)} WHERE true{(fresh ? "" : " ON CONFLICT (group_id, student_id) DO NOTHING")}",
            rows.Parameters(change.Dialect));
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string Name { get; init; } = "";

        public long Version { get; init; }

        public long Size { get; init; }

        public Group Group => new() { Id = Id, Name = Name, Version = Version, Size = (int)Size };
    }
}
