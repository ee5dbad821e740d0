using Dapper;
using LiveProctor.Core.Audit;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Accounts;

/// <summary>A personal API token, shown once.</summary>
/// <param name="Token">What is sent as <c>Authorization: Bearer</c>.</param>
public sealed record IssuedToken(string Token, DateTimeOffset ExpiresAt);

/// <summary>Personal API tokens: kept as hashes, valid for 30 days or until their owner is disabled or changes the password.</summary>
public sealed class ApiTokens(Db db, Changes changes, TimeProvider time)
{
    /// <summary>How every staff token begins: the kind of a bearer token is told by its first letters.</summary>
    public const string Prefix = "lps_";

    /// <summary>How long a token is valid.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <summary>Makes a token for the person; audited.</summary>
    public Task<Result<IssuedToken>> Issue(Actor owner) => changes.Run<IssuedToken>(owner, async change =>
    {
        const string sql = "INSERT INTO api_tokens (id, staff_id, hash, created_at, expires_at) VALUES (@id, @staff, @hash, @now, @expires)";
        var issued = new IssuedToken(Prefix + Secret.New(), change.Now + Life);
        var id = Id.New(change.Now);
        await change.Execute("DELETE FROM api_tokens WHERE expires_at <= @now", new { now = change.Now });
        await change.Execute(sql, new { id, staff = owner.Id, hash = Secret.Hash(issued.Token), now = change.Now, expires = issued.ExpiresAt });
        change.Record(owner.OrganisationId, AuditLog.Organisation(owner.OrganisationId), "tokenCreated", id, new { issued.ExpiresAt });
        return issued;
    });

    /// <summary>Makes the token worthless; audited. Repeating it does nothing.</summary>
    public Task<Result<Done>> Revoke(Actor owner, string token) => changes.Run<Done>(owner, async change =>
    {
        var id = await change.Find<string>("DELETE FROM api_tokens WHERE hash = @hash AND staff_id = @staff RETURNING id", new { hash = Secret.Hash(token), staff = owner.Id });
        if (id is not null)
        {
            change.Record(owner.OrganisationId, AuditLog.Organisation(owner.OrganisationId), "tokenRevoked", id);
            change.Announce(FeedNames.Staff(owner.Id), "tokenRevoked", new { });
        }

        return default(Done);
    });

    /// <summary>Whose token it is; null when it is unknown, expired, or its owner disabled.</summary>
    public Task<Staff?> Owner(string token) => OwnerByHash(Secret.Hash(token));

    /// <summary>The same by the token's hash.</summary>
    internal Task<Staff?> OwnerByHash(string hash)
    {
        const string sql = """
            SELECT s.id AS Id, s.organisation_id AS OrganisationId, s.email AS Email, s.name AS Name, s.role AS Role,
                   s.password_hash AS PasswordHash, s.security_stamp AS SecurityStamp, s.disabled AS Disabled, s.created_at AS CreatedAt
            FROM api_tokens t JOIN staff s ON s.id = t.staff_id
            WHERE t.hash = @hash AND t.expires_at > @now AND NOT s.disabled
            """;
        return db.Read(async connection => (await connection.QuerySingleOrDefaultAsync<StaffStore.Row>(sql, new { hash, now = time.Now() }))?.Staff);
    }

    /// <summary>Makes every token of the person worthless.</summary>
    internal static Task RevokeAll(Change change, string staffId) => change.Execute("DELETE FROM api_tokens WHERE staff_id = @staffId", new { staffId });
}
