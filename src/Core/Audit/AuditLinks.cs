using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Audit;

/// <summary>
/// The rows that one change adds to its audit chains, each chain in the order given, hashed on from where it ends. The ends of sessions' chains are known
/// since the session was locked; the others are locked in the order of their names, by the statement that answers their ends.
/// </summary>
/// <param name="rows">What is added.</param>
/// <param name="known">The ends of chains that nobody else can add to before this change has ended.</param>
internal sealed class AuditLinks(IReadOnlyCollection<AuditRow> rows, IReadOnlyDictionary<string, AuditEnd> known)
{
    private const string Columns = "chain, seq, organisation_id, at, actor_kind, actor_id, actor_name, action, subject, details, hash";

    private readonly List<IGrouping<string, AuditRow>> chains =
        [.. rows.GroupBy(row => row.Chain, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)];

    private readonly Dictionary<string, AuditEnd> ends = new(known, StringComparer.Ordinal);

    public bool Empty => chains.Count == 0;

    /// <summary>True when ends have to be asked for.</summary>
    public bool Asks => Unknown.Any();

    private IEnumerable<string> Unknown => chains.Select(group => group.Key).Where(chain => !ends.ContainsKey(chain));

    /// <summary>Adds the statement that locks the chains whose ends are not known.</summary>
    public void AskEnds(Statements statements, Dialect dialect)
    {
        var wanted = new Rows<string>([.. Unknown], "chains").Text("chain", chain => chain);
        var sql = $"""
            INSERT INTO audit_chains (chain, seq, hash) SELECT chain, 0, '' FROM {wanted.From(dialect)} WHERE true ORDER BY position
            ON CONFLICT (chain) DO UPDATE SET seq = audit_chains.seq
            RETURNING {AuditEnd.Columns}
            """;
        statements.Add(sql, wanted.Parameters(dialect));
    }

    /// <summary>Reads what that statement answered.</summary>
    public async Task ReadEnds(SqlMapper.GridReader answers)
    {
        foreach (var end in await answers.ReadAsync<AuditEnd>())
        {
            ends[end.Chain] = end;
        }
    }

    /// <summary>Adds the statements that write the rows and where the chains end now. A number that somebody has used is refused by the database.</summary>
    public void Write(Statements statements, Dialect dialect)
    {
        if (Empty)
        {
            return;
        }

        var links = chains.SelectMany(group => LinkOn(ends[group.Key], group)).ToList();
        var added = new Rows<Link>(links, "audit")
            .Text("chain", link => link.Row.Chain).Number("seq", link => link.Seq).Text("organisation_id", link => link.Row.OrganisationId)
            .Instant("at", link => link.Row.At).Text("actor_kind", link => link.Row.Actor.Kind.ToString()).Text("actor_id", link => link.Row.Actor.Id)
            .Text("actor_name", link => link.Row.Actor.Name).Text("action", link => link.Row.Action).Text("subject", link => link.Row.Subject)
            .Text("details", link => link.Row.Details).Text("hash", link => link.Hash);
        statements.Add($"INSERT INTO audit ({Columns}) SELECT {Columns} FROM {added.From(dialect)}", added.Parameters(dialect));

        var last = new Rows<Link>([.. links.GroupBy(link => link.Row.Chain, StringComparer.Ordinal).Select(group => group.Last())], "ends")
            .Text("chain", link => link.Row.Chain).Number("seq", link => link.Seq).Text("hash", link => link.Hash);
        var sql = $"""
            INSERT INTO audit_chains (chain, seq, hash) SELECT chain, seq, hash FROM {last.From(dialect)} WHERE true
            ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash
            """;
        statements.Add(sql, last.Parameters(dialect));
    }

    private static IEnumerable<Link> LinkOn(AuditEnd end, IEnumerable<AuditRow> rows)
    {
        var (_, seq, hash) = end;
        foreach (var row in rows)
        {
            seq++;
            hash = AuditLog.Hash(
                hash, seq, row.At.ToUnixTimeMilliseconds(), row.OrganisationId, row.Actor.Kind.ToString(), row.Actor.Id, row.Actor.Name, row.Action, row.Subject, row.Details);
            yield return new Link(row, seq, hash);
        }
    }

    private sealed record Link(AuditRow Row, long Seq, string Hash);
}

/// <summary>Where an audit chain ends: the number and the hash of its last row, 0 and nothing before the first.</summary>
internal sealed record AuditEnd(string Chain, long Seq, string Hash)
{
    /// <summary>What to select of <c>audit_chains</c>.</summary>
    public const string Columns = "chain AS Chain, seq AS Seq, hash AS Hash";
}
