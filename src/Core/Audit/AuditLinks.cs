using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Audit;

/// <summary>
/// The rows that one change adds to its audit chains, each chain in the order given. The chains are locked in the order of their names,
/// by the statement that answers their heads; the rows are hashed on from there.
/// </summary>
internal sealed class AuditLinks(IReadOnlyCollection<AuditRow> rows)
{
    private const string Columns = "chain, seq, organisation_id, at, actor_kind, actor_id, actor_name, action, subject, details, hash";

    private readonly List<IGrouping<string, AuditRow>> chains =
        [.. rows.GroupBy(row => row.Chain, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)];

    private List<Link> links = [];

    public bool Empty => chains.Count == 0;

    /// <summary>Adds the statement that takes the rows' numbers.</summary>
    public void TakeHeads(Statements statements, Dialect dialect)
    {
        if (Empty)
        {
            return;
        }

        var wanted = new Rows<IGrouping<string, AuditRow>>(chains, "chains").Text("chain", group => group.Key).Number("count", group => group.LongCount());
        var sql = $"""
            INSERT INTO audit_chains (chain, seq, hash) SELECT chain, count, '' FROM {wanted.From(dialect)} WHERE true ORDER BY position
            ON CONFLICT (chain) DO UPDATE SET seq = audit_chains.seq + excluded.seq
            RETURNING chain AS Chain, seq AS Seq, hash AS Hash
            """;
        statements.Add(sql, wanted.Parameters(dialect));
    }

    /// <summary>Reads what that statement answered.</summary>
    public async Task ReadHeads(SqlMapper.GridReader answers)
    {
        if (!Empty)
        {
            var heads = (await answers.ReadAsync<Head>()).ToDictionary(head => head.Chain, StringComparer.Ordinal);
            links = [.. chains.SelectMany(group => LinkOn(heads[group.Key], [.. group]))];
        }
    }

    /// <summary>Adds the statements that write the rows and the chains' new heads.</summary>
    public void Write(Statements statements, Dialect dialect)
    {
        if (Empty)
        {
            return;
        }

        var added = new Rows<Link>(links, "audit")
            .Text("chain", link => link.Row.Chain).Number("seq", link => link.Seq).Text("organisation_id", link => link.Row.OrganisationId)
            .Instant("at", link => link.Row.At).Text("actor_kind", link => link.Row.Actor.Kind.ToString()).Text("actor_id", link => link.Row.Actor.Id)
            .Text("actor_name", link => link.Row.Actor.Name).Text("action", link => link.Row.Action).Text("subject", link => link.Row.Subject)
            .Text("details", link => link.Row.Details).Text("hash", link => link.Hash);
        statements.Add($"INSERT INTO audit ({Columns}) SELECT {Columns} FROM {added.From(dialect)}", added.Parameters(dialect));

        var ends = new Rows<Link>([.. links.GroupBy(link => link.Row.Chain, StringComparer.Ordinal).Select(group => group.Last())], "heads")
            .Text("ended", link => link.Row.Chain).Text("last", link => link.Hash);
        statements.Add($"UPDATE audit_chains SET hash = last FROM {ends.From(dialect)} WHERE chain = ended", ends.Parameters(dialect));
    }

    private static IEnumerable<Link> LinkOn(Head head, IReadOnlyCollection<AuditRow> rows)
    {
        var hash = head.Hash;
        var seq = head.Seq - rows.Count;
        foreach (var row in rows)
        {
            seq++;
            hash = AuditLog.Hash(
                hash, seq, row.At.ToUnixTimeMilliseconds(), row.OrganisationId, row.Actor.Kind.ToString(), row.Actor.Id, row.Actor.Name, row.Action, row.Subject, row.Details);
            yield return new Link(row, seq, hash);
        }
    }

    private sealed record Head(string Chain, long Seq, string Hash);

    private sealed record Link(AuditRow Row, long Seq, string Hash);
}
