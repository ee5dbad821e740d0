using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Accounts;

/// <summary>Where staff accounts and organisations are kept.</summary>
public sealed class StaffStore(Db db)
{
    private const string Columns = """
        id AS Id, organisation_id AS OrganisationId, email AS Email, name AS Name, role AS Role, password_hash AS PasswordHash,
        security_stamp AS SecurityStamp, disabled AS Disabled, created_at AS CreatedAt
        """;

    /// <summary>Whoever signs in by this e-mail, of any organisation.</summary>
    public async Task<Staff?> ByEmail(string email) =>
        email.Contains('\0', StringComparison.Ordinal)
            ? null
            : await db.Read(async connection => (await connection.QuerySingleOrDefaultAsync<Row>($"SELECT {Columns} FROM staff WHERE email_key = @key", new { key = StaffRules.EmailKey(email) }))?.Staff);

    /// <summary>The account, of any organisation.</summary>
    public Task<Staff?> ById(string id) =>
        db.Read(async connection => (await connection.QuerySingleOrDefaultAsync<Row>($"SELECT {Columns} FROM staff WHERE id = @id", new { id }))?.Staff);

    /// <summary>Everybody of the organisation, by name.</summary>
    public Task<IReadOnlyList<Staff>> Of(string organisationId) =>
        db.Read<IReadOnlyList<Staff>>(async connection =>
            [.. (await connection.QueryAsync<Row>($"SELECT {Columns} FROM staff WHERE organisation_id = @organisationId ORDER BY name, id", new { organisationId })).Select(row => row.Staff)]);

    /// <summary>The organisation; it exists, since rows refer to it.</summary>
    public Task<Organisation> Organisation(string id) =>
        db.Read(connection => connection.QuerySingleAsync<Organisation>("SELECT id AS Id, name AS Name FROM organisations WHERE id = @id", new { id }));

    /// <summary>The account within a change, kept from other changes until it ends.</summary>
    internal static async Task<Staff?> ForUpdate(Change change, string organisationId, string id) =>
        (await change.Find<Row>($"SELECT {Columns} FROM staff WHERE id = @id AND organisation_id = @organisationId{change.Dialect.ForUpdate}", new { id, organisationId }))?.Staff;

    /// <summary>Keeps the organisation's administrators from other changes until this one ends; false when the person is none of them.</summary>
    internal static async Task<bool> LockAdministrators(Change change, string organisationId, string id)
    {
        const string sql = "SELECT id FROM staff WHERE organisation_id = @organisationId AND role = 'administrator' AND NOT disabled ORDER BY id";
        return (await change.All<string>(sql + change.Dialect.ForUpdate, new { organisationId })).Contains(id);
    }

    /// <summary>True when nobody can sign in yet.</summary>
    internal static async Task<bool> IsEmpty(Change change) => await change.One<long>("SELECT count(*) FROM staff") == 0;

    /// <summary>Adds an account; false when the e-mail is taken.</summary>
    internal static async Task<bool> Insert(Change change, Staff staff)
    {
        const string sql = """
            INSERT INTO staff (id, organisation_id, email, email_key, name, role, password_hash, security_stamp, disabled, created_at)
            VALUES (@Id, @OrganisationId, @Email, @EmailKey, @Name, @Role, @PasswordHash, @SecurityStamp, @Disabled, @CreatedAt)
            ON CONFLICT (email_key) DO NOTHING
            """;
        return await change.Execute(sql, Parameters(staff)) == 1;
    }

    /// <summary>Writes everything that may change of an account.</summary>
    internal static Task Update(Change change, Staff staff)
    {
        const string sql = """
            UPDATE staff SET name = @Name, role = @Role, password_hash = @PasswordHash, security_stamp = @SecurityStamp, disabled = @Disabled
            WHERE id = @Id
            """;
        return change.Execute(sql, Parameters(staff));
    }

    /// <summary>Adds an organisation.</summary>
    internal static Task Insert(Change change, Organisation organisation) =>
        change.Execute("INSERT INTO organisations (id, name, created_at) VALUES (@Id, @Name, @At)", new { organisation.Id, organisation.Name, At = change.Now });

    private static object Parameters(Staff staff) => new
    {
        staff.Id, staff.OrganisationId, staff.Email, EmailKey = StaffRules.EmailKey(staff.Email), staff.Name,
        Role = RoleText(staff.Role), staff.PasswordHash, staff.SecurityStamp, staff.Disabled, staff.CreatedAt,
    };

    private static string RoleText(Role role) => role.ToString().ToLowerInvariant();

    // Dapper fills properties with what each database returns for a boolean; a record's constructor it would match by exact type.
    internal sealed class Row
    {
        public string Id { get; init; } = "";

        public string OrganisationId { get; init; } = "";

        public string Email { get; init; } = "";

        public string Name { get; init; } = "";

        public string Role { get; init; } = "";

        public string? PasswordHash { get; init; }

        public string SecurityStamp { get; init; } = "";

        public bool Disabled { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public Staff Staff => new()
        {
            Id = Id, OrganisationId = OrganisationId, Email = Email, Name = Name, Role = Enum.Parse<Role>(Role, ignoreCase: true),
            PasswordHash = PasswordHash, SecurityStamp = SecurityStamp, Disabled = Disabled, CreatedAt = CreatedAt,
        };
    }
}
