using System.Data.Common;
using Dapper;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>One page of the list.</summary>
/// <param name="Next">The cursor of the page after it; null at the end.</param>
public sealed record SessionListPage(IReadOnlyList<SessionListRow> Items, string? Next);

/// <summary>The sessions that the caller may see, by page. Keyset paging: a page costs the same wherever it lies. Problems: invalid.</summary>
/// <param name="mostHits">So many are named one by one: sessions that a search hits, or that are in a phase.</param>
public sealed class ListSessions(Db db, TimeProvider time, int mostHits = ListSessions.MostHits)
{
    private const int DefaultLimit = 50;

    private const int MostHits = 2000;

    // So far is the list stepped through before the hits of a common search are looked up: a word that one in twenty has mostly fills a page within.
    private const int MostSteps = 1000;

    private readonly PartStatistics statistics = new(db.Dialect, time);

    public async Task<Result<SessionListPage>> Run(Actor actor, SessionListQuery query)
    {
        if (actor.Kind != ActorKind.Staff)
        {
            return new SessionListPage([], null);
        }

        if (query.Wrong() is { } problem)
        {
            return problem;
        }

        var sort = SessionListSort.Of(query.Sort)!;
        var after = SessionListCursor.Read(query.Cursor, sort);
        if (query.Cursor is not null && after is null)
        {
            return Problem.Invalid(("cursor", "This is no cursor of this list."));
        }

        var limit = query.Limit ?? DefaultLimit;
        var rows = await db.Read<IReadOnlyList<SessionPageRow>>(async connection =>
        {
            if (await ListOf(connection, actor, query.Proctor) is not { } list || Page(list).Empty)
            {
                return [];
            }

            if (string.IsNullOrWhiteSpace(query.Search))
            {
                var all = Page(list);
                if (all.NamesPhases && await InPhases(connection, actor.OrganisationId, all.PhasesPicked!) is var inPhases && inPhases.Length < mostHits)
                {
                    all.InPhases(inPhases);
                }

                return await Read(all);
            }

            var search = new SessionSearch(db.Dialect, query.Search);
            var page = Page(list);
            if (search.JoinId is { } joinId && await OfJoinId(connection, actor.OrganisationId, joinId) is { Length: > 0 } exact)
            {
                page.Only(exact);
                return await Read(page);
            }

            // No plan is good for every search: one that many sessions match mostly fills a page while the list is stepped through, one that few do is
            // found by the index. A list of few is stepped through to its end.
            var small = list != actor.OrganisationId && await IsSmall(connection, list);
            if (small
                || await search.Weigh(connection, statistics) >= mostHits
                || (!page.OrdersHits && await search.Begins(connection, actor.OrganisationId, mostHits)))
            {
                var first = Page(list);
                first.HitWithin(search, MostSteps);
                if (await Read(first) is var found && (small || found.Count > limit))
                {
                    return found;
                }
            }

            if (page.OrdersHits)
            {
                page.HitInOrder(search, actor.OrganisationId);
            }
            else if (await Hits(connection, actor.OrganisationId, search) is var hits && hits.Length < mostHits)
            {
                page.Only(hits);
            }
            else
            {
                page.Hit(search, actor.OrganisationId);
            }

            return await Read(page);

            async Task<IReadOnlyList<SessionPageRow>> Read(SessionPageSql sql) => (await connection.QueryAsync<SessionPageRow>(sql.Text, sql.Parameters)).AsList();
        });

        var next = rows.Count > limit ? SessionListCursor.Write(rows[limit - 1].Key, rows[limit - 1].SessionId) : null;
        return new SessionListPage([.. rows.Take(limit).Select(row => row.ToRow())], next);

        SessionPageSql Page(string list)
        {
            var page = new SessionPageSql(db.Dialect, sort, query, list, list == actor.OrganisationId, time.Now(), limit + 1);
            if (after is { } place)
            {
                page.After(place);
            }

            // A proctor's list holds its own sessions; another's among them are taken from it.
            if (actor.Role == Role.Proctor && query.Proctor is { Length: > 0 } other && other != "me" && other != actor.Id)
            {
                page.AlsoIn(other);
            }

            return page;
        }
    }

    // Null for the list of somebody who is not on this organisation's staff.
    private static async Task<string?> ListOf(DbConnection connection, Actor actor, string? proctor)
    {
        if (actor.Role == Role.Proctor || proctor == "me")
        {
            return actor.Id;
        }

        return string.IsNullOrEmpty(proctor)
            ? actor.OrganisationId
            : await connection.QuerySingleOrDefaultAsync<string>(
                "SELECT id FROM staff WHERE id = @proctor AND organisation_id = @organisationId", new { proctor, organisationId = actor.OrganisationId });
    }

    private async Task<string[]> InPhases(DbConnection connection, string organisationId, string phases) =>
        [.. await connection.QueryAsync<string>(
            $"SELECT session_id FROM session_now WHERE organisation_id = @organisationId AND phase IN ({phases}) LIMIT {mostHits}", new { organisationId })];

    private static async Task<string[]> OfJoinId(DbConnection connection, string organisationId, string joinId) =>
        [.. await connection.QueryAsync<string>(
            "SELECT id FROM sessions WHERE join_id = @joinId AND organisation_id = @organisationId AND NOT deleted", new { joinId, organisationId })];

    private static async Task<bool> IsSmall(DbConnection connection, string list) => await connection.QuerySingleAsync<long>(
        $"SELECT count(*) FROM (SELECT 1 FROM session_list WHERE list_id = @list LIMIT {MostSteps + 1}) AS rows", new { list }) <= MostSteps;

    private async Task<string[]> Hits(DbConnection connection, string organisationId, SessionSearch search) =>
        [.. await connection.QueryAsync<string>($"SELECT session_id FROM ({search.Hits}) AS hits LIMIT {mostHits}", search.Parameters(new { organisationId }))];
}
