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

    public required long Phase { get; init; }

    public required long Version { get; init; }

    public required long Waiting { get; init; }

    public required long Testing { get; init; }

    public required long Done { get; init; }

    public SessionListRow ToRow() => Json.Read<SessionListRow>(Shown) with
    {
        Phase = (SessionPhase)Phase, Version = Version, Counts = new SessionCounts(Waiting, Testing, Done),
    };
}

/// <summary>
/// The statement that reads one page. Each shelf is read in the list's order by an index of its own and the shelves are merged, so that no more is read
/// than the page shows; what else is shown is looked up for those rows alone.
/// </summary>
internal sealed class SessionPageSql
{
    // A range begins its read as long before it as a window lasts: twelve hours for nearly all of them, 90 days for those that have an index of their own.
    private static readonly TimeSpan ShortWindow = TimeSpan.FromHours(12);

    private const string Long = "t.closes_at - t.opens_at > 43200000";

    private const string List = "session_list";

    private readonly Dialect dialect;
    private readonly SessionListSort sort;
    private readonly bool whole;
    private readonly int take;
    private readonly IReadOnlyList<(string Shelf, SessionPhase Phase)> shelves;
    private readonly StringBuilder conditions = new();
    private readonly DynamicParameters parameters;
    private string[] ranges = [""];
    private (object Value, string Id)? after;
    private bool few;
    private bool phasesNamed;
    private int? looked;
    private string hit = "";
    private string begins = "";
    private string? inside;

    /// <param name="whole">True for the list of an organisation.</param>
    public SessionPageSql(Dialect dialect, SessionListSort sort, SessionListQuery query, string list, bool whole, DateTimeOffset now, int take)
    {
        this.dialect = dialect;
        this.sort = sort;
        this.whole = whole;
        this.take = take;
        shelves = [.. Shelves(query)];
        var underWay = shelves.Where(item => item.Shelf == SessionLists.UnderWay).Select(item => item.Phase).ToList();
        PhasesPicked = underWay.Count is > 0 and < 4 ? string.Join(", ", underWay.Select(phase => (int)phase)) : null;
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

    private bool ByPhase => sort.Column == "phase";

    private string Direction => sort.Descending ? "DESC" : "ASC";

    /// <summary>True when no shelf is left to read from.</summary>
    public bool Empty => shelves.Count == 0 || (ByPhase && !Phases().Any());

    /// <summary>The phases, by number, that are wanted of the shelf of what is under way when others on it are not; null when all or none of them are.</summary>
    public string? PhasesPicked { get; }

    /// <summary>True when it is worth finding the sessions in <see cref="PhasesPicked"/> beforehand.</summary>
    public bool NamesPhases => PhasesPicked is not null && !few && !ByPhase;

    /// <summary>The whole statement. Only among hits and sessions named one by one does the plan depend on the parameters: on how many they are.</summary>
    public string Text => few || phasesNamed ? Select : dialect.PlannedOnce(Select);

    private string Select
    {
        get
        {
            var order = $"ORDER BY key {Direction}, session_id {Direction}";
            IEnumerable<string> reads = [.. ByPhase ? Phases() : Columns(), .. inside is null ? [] : new[] { inside }];
            var merged = few ? Few : string.Join("\nUNION ALL\n", reads.Select((read, index) => $"SELECT * FROM ({read}) AS read{index}"));
            var page = looked is null ? $"{merged}\n{order} LIMIT {take}" : $"SELECT * FROM ({merged}\n{order} LIMIT {looked}) AS looked WHERE {hit}\n{order} LIMIT {take}";
            var list = sort.Table == List ? "" : $" JOIN {List} l ON l.session_id = page.session_id AND l.list_id = @list";
            return $"""
                SELECT page.session_id AS SessionId, CAST(page.key AS text) AS Key, shown AS Shown, n.phase AS Phase, n.version AS Version,
                       n.waiting AS Waiting, n.testing AS Testing, n.done AS Done
                FROM ({page}) AS page JOIN session_now n ON n.session_id = page.session_id{list}
                ORDER BY page.key {Direction}, page.session_id {Direction}
                """;
        }
    }

    /// <summary>Begins behind a row.</summary>
    public void After((object Value, string Id) place)
    {
        after = place;
        parameters.Add("afterValue", place.Value);
        parameters.Add("afterId", place.Id);
    }

    /// <summary>Names the sessions in <see cref="PhasesPicked"/>, of which there are few.</summary>
    public void InPhases(IReadOnlyCollection<string> sessionIds)
    {
        phasesNamed = true;
        parameters.Add("inPhases", new Many(sessionIds));
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

    /// <summary>Leaves out what is not hit by a search, whose hits are all looked up and ordered, however many they are.</summary>
    public void Hit(SessionSearch search, string organisationId)
    {
        few = true;
        conditions.Append($" AND t.session_id IN ({search.Hits})");
        parameters.AddDynamicParams(search.Parameters(new { organisationId }));
    }

    /// <summary>Whether hits can be read in this order (<see cref="HitInOrder"/>).</summary>
    public bool OrdersHits => sort.Column == "name_key";

    /// <summary>
    /// Leaves out what is not hit by a search: whose name begins with it is read from the list, other hits are ordered by their names, which stand in what is
    /// searched, and looked up in the list until they fill the page.
    /// </summary>
    public void HitInOrder(SessionSearch search, string organisationId)
    {
        begins = $" AND {SessionSearch.Beginning("t.name_key")}";
        inside = $"""
            SELECT t.session_id AS session_id, hits.key AS key{Shown}
            FROM (SELECT session_id AS hit, {dialect.FirstLine("words")} AS key FROM session_search WHERE {search.Inside} AND organisation_id = @organisationId
                  ORDER BY key {Direction}, hit {Direction}) AS hits
            {dialect.EachFinds("session_list", "t.session_id = hit AND t.list_id = @list", "t")}{(PhasesPicked is null ? "" : $" {dialect.EachFinds("session_now", "now.session_id = hit", "now")}")}
            WHERE {OnShelves}{Behind("hits.key")}{conditions}
            ORDER BY key {Direction}, session_id {Direction} LIMIT {take}
            """;
        parameters.AddDynamicParams(search.Parameters(new { organisationId }));
    }

    /// <summary>Leaves out what is not hit by a search among the next rows of the list, and all beyond them.</summary>
    /// <param name="within">How many rows those are.</param>
    public void HitWithin(SessionSearch search, int within)
    {
        looked = within;
        // As a value: an EXISTS would be made a join, for which PostgreSQL may read all that is searched.
        hit = $"(SELECT {search.Match} FROM session_search s WHERE s.session_id = looked.session_id)";
        parameters.AddDynamicParams(search.Parameters());
    }

    // Phases of one shelf stand one after the other.
    private static IEnumerable<(string Shelf, SessionPhase Phase)> Shelves(SessionListQuery query)
    {
        foreach (var phase in Enum.GetValues<SessionPhase>().Where(phase => query.Phases.Count == 0 || query.Phases.Contains(phase)))
        {
            var past = phase is SessionPhase.Closed or SessionPhase.Cancelled;
            if (past && query.HidePast)
            {
                continue;
            }

            yield return (SessionLists.Shelf(phase), phase);
            if (past && query.ShowOld)
            {
                yield return (SessionLists.Old(SessionLists.Shelf(phase)), phase);
            }
        }
    }

    private string Shown => sort.Table == List ? ", t.shown" : "";

    // Some sessions by their names, whatever shelf they stand on.
    private string Few
    {
        get
        {
            var key = ByPhase ? "now.phase" : $"t.{sort.Column}";
            return $"""
                SELECT t.session_id AS session_id, {key} AS key{Shown} FROM {sort.Table} t JOIN session_now now ON now.session_id = t.session_id
                WHERE t.list_id = @list AND {OnShelves}{Behind(key)}{conditions}
                """;
        }
    }

    private string OnShelves
    {
        get
        {
            var on = string.Join(", ", shelves.Select(item => $"'{item.Shelf}'").Distinct(StringComparer.Ordinal));
            var picked = PhasesPicked is null ? "" : $" AND (t.shelf <> '{SessionLists.UnderWay}' OR now.phase IN ({PhasesPicked}))";
            return $"t.shelf IN ({on}){picked}{(OldLeftOut ? " AND (t.shelf NOT IN ('Closed', 'Cancelled') OR t.closes_at + 0 >= @oldest)" : "")}";
        }
    }

    // Each shelf has a limit of its own: without it PostgreSQL reads whole shelves and sorts them.
    private IEnumerable<string> Columns() => shelves.Select(item => item.Shelf).Distinct(StringComparer.Ordinal).SelectMany(shelf => ranges.Select(range => $"""
        SELECT t.session_id AS session_id, t.{sort.Column} AS key{Shown} FROM {sort.Table} t
        WHERE t.list_id = @list AND t.shelf = '{shelf}'{range}{begins}{(shelf == SessionLists.UnderWay ? Picked : "")}{Behind($"t.{sort.Column}")}{conditions}{Recent(shelf)}
        ORDER BY key {Direction}, session_id {Direction} LIMIT {looked ?? take}
        """));

    private string Picked => PhasesPicked is null
        ? ""
        : $"{(phasesNamed ? $" AND {dialect.Among("t.session_id", "@inPhases")}" : "")} AND (SELECT now.phase IN ({PhasesPicked}) FROM session_now now WHERE now.session_id = t.session_id)";

    // All that a read finds have one phase, so it is in the order of their ids. What is under way has an order by phase of its own in an organisation, and is
    // little in a proctor's list.
    private IEnumerable<string> Phases()
    {
        foreach (var (shelf, phase) in shelves)
        {
            var ahead = after is { } place ? ((long)phase).CompareTo((long)place.Value) * (sort.Descending ? -1 : 1) : 1;
            if (ahead < 0)
            {
                continue;
            }

            var from = shelf != SessionLists.UnderWay
                ? $"session_list t WHERE t.list_id = @list AND t.shelf = '{shelf}'"
                : whole
                    ? $"session_now now CROSS JOIN session_list t WHERE now.organisation_id = @list AND now.phase = {(int)phase} AND t.session_id = now.session_id AND t.list_id = @list"
                    : $"session_list t JOIN session_now now ON now.session_id = t.session_id WHERE t.list_id = @list AND t.shelf = '{shelf}' AND now.phase = {(int)phase}";
            var id = shelf == SessionLists.UnderWay && whole ? "now.session_id" : "t.session_id";
            yield return $"""
                SELECT {id} AS session_id, CAST({(int)phase} AS bigint) AS key, t.shown FROM {from}{(ahead == 0 ? $" AND {id} {Beyond} @afterId" : "")}{conditions}{Recent(shelf)}
                ORDER BY {id} {Direction} LIMIT {looked ?? take}
                """;
        }
    }

    private string Beyond => sort.Descending ? "<" : ">";

    private string Behind(string key) => after is null ? "" : $" AND ({key}, t.session_id) {Beyond} (@afterValue, @afterId)";

    private string Recent(string shelf) => OldLeftOut && shelf is (nameof(SessionPhase.Closed) or nameof(SessionPhase.Cancelled)) ? " AND t.closes_at + 0 >= @oldest" : "";
}
