using System.Text;
using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>A row of the list as it is read.</summary>
internal sealed record SessionPageRow
{
    public required string SessionId { get; init; }

    /// <summary>What the list is ordered by, of this row.</summary>
    public required string Key { get; init; }

    public required string Shown { get; init; }

    public required long Waiting { get; init; }

    public required long Testing { get; init; }

    public required long Done { get; init; }

    public SessionListRow ToRow() => Json.Read<SessionListRow>(Shown) with { Counts = new SessionCounts(Waiting, Testing, Done) };
}

/// <summary>
/// The statement that reads one page. Each shelf is read in the list's order by an index of its own and the shelves are merged, so that no more is read
/// than the page shows; what counts are shown beside is looked up for those rows alone.
/// </summary>
internal sealed class SessionPageSql
{
    // A range begins its read as long before it as a window lasts: twelve hours for nearly all of them, 90 days for those that have an index of their own.
    private static readonly TimeSpan ShortWindow = TimeSpan.FromHours(12);

    private const string Long = "t.closes_at - t.opens_at > 43200000";

    private const string List = "session_list";

    private readonly Dialect dialect;
    private readonly SessionListSort sort;
    private readonly int take;
    private readonly IReadOnlyList<string> shelves;
    private readonly StringBuilder conditions = new();
    private readonly DynamicParameters parameters;
    private string[] ranges = [""];
    private bool few;
    private int? looked;
    private string hit = "";

    public SessionPageSql(Dialect dialect, SessionListSort sort, SessionListQuery query, string list, DateTimeOffset now, int take)
    {
        this.dialect = dialect;
        this.sort = sort;
        this.take = take;
        shelves = [.. Shelves(query)];
        parameters = new DynamicParameters(new { list });
        if (query.From is { } from)
        {
            conditions.Append(" AND t.closes_at + 0 > @from");
            parameters.Add("from", from.ToUnixTimeMilliseconds());
            if (sort.Column == "opens_at")
            {
                ranges = [$" AND {Long} AND t.opens_at > @longBefore", $" AND NOT {Long} AND t.opens_at > @shortBefore"];
                parameters.Add("longBefore", (from - SessionRules.LongestWindow).ToUnixTimeMilliseconds());
                parameters.Add("shortBefore", (from - ShortWindow).ToUnixTimeMilliseconds());
            }
        }

        if (query.To is { } to)
        {
            conditions.Append($" AND {OpensAt} < @to");
            parameters.Add("to", to.ToUnixTimeMilliseconds());
        }

        if (!query.ShowOld)
        {
            parameters.Add("oldest", now.AddMonths(-SessionLists.MonthsListed).ToUnixTimeMilliseconds());
            OldLeftOut = true;
        }
    }

    public DynamicParameters Parameters => parameters;

    // Where a time only filters, an index of it must not tempt the planner away from the list's order: hence the sums.
    private string OpensAt => sort.Column == "opens_at" ? "t.opens_at" : "t.opens_at + 0";

    // The sweep may not have been there yet.
    private bool OldLeftOut { get; }

    /// <summary>True when no shelf is left to read from.</summary>
    public bool Empty => shelves.Count == 0;

    /// <summary>The whole statement. Only among a few sessions named one by one does the plan depend on the parameters: on how many they are.</summary>
    public string Text => few ? Select : dialect.PlannedOnce(Select);

    private string Select
    {
        get
        {
            var direction = sort.Descending ? "DESC" : "ASC";
            var order = $"ORDER BY key {direction}, session_id {direction} LIMIT {looked ?? take}";
            const string counts = "waiting, testing, done";
            var shown = sort.Table == List ? "shown, " : "";
            var select = $"SELECT t.session_id AS session_id, t.{sort.Column} AS key, {shown}{counts} FROM {sort.Table} t WHERE t.list_id = @list";

            // Each shelf has a limit of its own: without it PostgreSQL reads whole shelves and sorts them.
            var merged = few
                ? $"{select} AND t.shelf IN ({string.Join(", ", shelves.Select(shelf => $"'{shelf}'"))}){conditions}{Recent("t.shelf NOT IN ('Closed', 'Cancelled') OR ")}"
                : string.Join("\nUNION ALL\n", shelves.SelectMany(shelf => ranges.Select(range =>
                    $"SELECT session_id, key, {shown}{counts} FROM ({select} AND t.shelf = '{shelf}'{range}{conditions}{(shelf is "Closed" or "Cancelled" ? Recent("") : "")} {order}) AS {shelf}")));
            const string columns = "page.session_id AS SessionId, CAST(page.key AS text) AS Key, shown AS Shown, page.waiting AS Waiting, page.testing AS Testing, page.done AS Done";
            var list = sort.Table == List ? "" : "JOIN session_list l ON l.session_id = page.session_id AND l.list_id = @list ";
            return $"""
                SELECT {columns} FROM ({merged}
                {order}) AS page {list}{hit}ORDER BY page.key {direction}, page.session_id {direction} LIMIT {take}
                """;
        }
    }

    /// <summary>Begins behind a row.</summary>
    public void After((object Value, string Id) place)
    {
        conditions.Append($" AND (t.{sort.Column}, t.session_id) {(sort.Descending ? "<" : ">")} (@afterValue, @afterId)");
        parameters.Add("afterValue", place.Value);
        parameters.Add("afterId", place.Id);
    }

    /// <summary>Leaves out what does not stand in another list too.</summary>
    public void AlsoIn(string list)
    {
        conditions.Append(" AND EXISTS (SELECT 1 FROM session_list other WHERE other.session_id = t.session_id AND other.list_id = @other)");
        parameters.Add("other", list);
    }

    /// <summary>Leaves out all but a few sessions.</summary>
    public void Only(string[] sessionIds)
    {
        few = true;
        conditions.Append(" AND ").Append(dialect.In("t.session_id", "@only"));
        parameters.Add("only", sessionIds);
    }

    /// <summary>Leaves out what is not hit by a search, row by row.</summary>
    /// <param name="within">How many rows of the list are looked at; null for as many as it takes.</param>
    public void Hit(SessionSearch search, int? within)
    {
        // As a value: an EXISTS would be made a join, for which PostgreSQL may read all that is searched.
        string Hits(string row) => $"(SELECT {search.Match(byIndex: false)} FROM session_search s WHERE s.session_id = {row}.session_id)";
        if (within is null)
        {
            conditions.Append(" AND ").Append(Hits("t"));
        }
        else
        {
            looked = within;
            hit = $"WHERE {Hits("page")} ";
        }

        parameters.AddDynamicParams(search.Parameters());
    }

    private static IEnumerable<string> Shelves(SessionListQuery query)
    {
        foreach (var phase in Enum.GetValues<SessionPhase>().Where(phase => query.Phases.Count == 0 || query.Phases.Contains(phase)))
        {
            var past = phase is SessionPhase.Closed or SessionPhase.Cancelled;
            if (past && query.HidePast)
            {
                continue;
            }

            yield return phase.ToString();
            if (past && query.ShowOld)
            {
                yield return SessionLists.Old(phase.ToString());
            }
        }
    }

    private string Recent(string unless) => OldLeftOut ? $" AND ({unless}t.closes_at + 0 >= @oldest)" : "";
}
