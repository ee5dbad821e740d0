using System.Security.Cryptography;
using System.Text;
using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Audit;

/// <summary>One thing that somebody did.</summary>
/// <param name="Chain">What orders it: a session's feed name, or <c>organisation:{id}</c>.</param>
/// <param name="Action">A verb in camelCase.</param>
/// <param name="Subject">The id of what it was done to.</param>
/// <param name="Details">A JSON object.</param>
public sealed record AuditRow(string OrganisationId, string Chain, DateTimeOffset At, Actor Actor, string Action, string Subject, string Details);

/// <summary>
/// The append-only record of who did what (product.md section 9). Each row's hash covers the row and the hash before it,
/// so a row that was changed or taken out breaks every later one. One chain a session, one an organisation:
/// a single chain would make every command of an organisation wait for every other.
/// </summary>
public sealed class AuditLog(Db db)
{
    /// <summary>The chain of what belongs to no session.</summary>
    public static string Organisation(string organisationId) => $"organisation:{organisationId}";

    /// <summary>The number of the first row of the chain whose hash does not fit; null when the chain is whole.</summary>
    public async Task<long?> FirstBroken(string chain)
    {
        // One statement: the rows and the head are of the same moment, whatever is appended meanwhile.
        const string sql = """
            SELECT c.seq AS head_seq, c.hash AS head_hash,
                   a.seq, a.organisation_id, a.at, a.actor_kind, a.actor_id, a.actor_name, a.action, a.subject, a.details, a.hash
            FROM (SELECT @chain AS chain) k
            LEFT JOIN audit_chains c ON c.chain = k.chain
            LEFT JOIN audit a ON a.chain = k.chain
            ORDER BY a.seq
            """;
        var found = await db.Read(async connection => (await connection.QueryAsync<Stored>(sql, new { chain })).AsList());
        var end = found[0];
        var previous = "";
        var expected = 1L;
        foreach (var row in found.Where(row => row.hash is not null))
        {
            if (row.seq != expected || row.hash != row.Hash(previous))
            {
                return expected;
            }

            previous = row.hash!;
            expected++;
        }

        return (end.head_seq ?? 0) == expected - 1 && (end.head_hash ?? "") == previous ? null : expected;
    }

    // Lengths in front of the texts: no two different rows read the same.
    internal static string Hash(string previous, long seq, long at, params string[] texts)
    {
        var text = new StringBuilder().Append(previous).Append('|').Append(seq).Append('|').Append(at);
        foreach (var item in texts)
        {
            text.Append('|').Append(item.Length).Append(':').Append(item);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

#pragma warning disable IDE1006, SA1300 // Column names, read by Dapper.
    private sealed record Stored
    {
        public long? head_seq { get; init; }

        public string? head_hash { get; init; }

        public long seq { get; init; }

        public string organisation_id { get; init; } = "";

        public long at { get; init; }

        public string actor_kind { get; init; } = "";

        public string actor_id { get; init; } = "";

        public string actor_name { get; init; } = "";

        public string action { get; init; } = "";

        public string subject { get; init; } = "";

        public string details { get; init; } = "";

        public string? hash { get; init; }

        public string Hash(string previous) =>
            AuditLog.Hash(previous, seq, at, organisation_id, actor_kind, actor_id, actor_name, action, subject, details);
    }
#pragma warning restore IDE1006, SA1300
}
