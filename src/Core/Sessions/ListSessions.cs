using System.Buffers.Text;
using System.Text;
using Dapper;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>What the session list is asked for.</summary>
/// <param name="Search">In name, code and join ID; at most 120 characters.</param>
/// <param name="HidePast">Without closed and cancelled sessions.</param>
/// <param name="ShowOld">With those that ended more than three months ago.</param>
/// <param name="Sort">A column's name, <c>-</c> in front for descending.</param>
/// <param name="Cursor">Where the page before ended.</param>
/// <param name="Limit">1–200.</param>
public sealed record SessionListQuery(string? Search, bool HidePast, bool ShowOld, SessionPhase? Phase, string? Sort, string? Cursor, int? Limit);

/// <summary>One page of the list.</summary>
/// <param name="Next">The cursor of the page after it; null at the end.</param>
public sealed record SessionListPage(IReadOnlyList<SessionListRow> Items, string? Next);

/// <summary>The sessions that the caller may see, by page. Keyset paging: a page costs the same wherever it lies. Problems: invalid.</summary>
public sealed class ListSessions(Db db, EntryStore entries, TimeProvider time)
{
    private const int DefaultLimit = 50;

    private static readonly Dictionary<string, (string Column, bool Number)> Sorts = new(StringComparer.Ordinal)
    {
        ["name"] = ("name_key", false),
        ["phase"] = ("phase", false),
        ["opensAt"] = ("opens_at", true),
        ["closesAt"] = ("closes_at", true),
        ["code"] = ("code_key", false),
        ["mode"] = ("mode", false),
    };

    public async Task<Result<SessionListPage>> Run(Actor actor, SessionListQuery query)
    {
        if (actor.Kind != ActorKind.Staff)
        {
            return new SessionListPage([], null);
        }

        var descending = query.Sort?.StartsWith('-') == true;
        var sort = query.Sort?.TrimStart('-') ?? "name";
        if (!Sorts.TryGetValue(sort, out var by))
        {
            return Problem.Invalid(("sort", $"The list sorts by {string.Join(", ", Sorts.Keys)}; with - in front descending."));
        }

        if (query.Limit is < 1 or > 200)
        {
            return Problem.Invalid(("limit", "A page has 1 to 200 rows."));
        }

        if (query.Search is { } entered && (entered.Length > 120 || entered.Any(char.IsControl)))
        {
            return Problem.Invalid(("search", "Search for at most 120 characters, on one line."));
        }

        var limit = query.Limit ?? DefaultLimit;
        var parameters = new DynamicParameters(new { organisationId = actor.OrganisationId, staffId = actor.Id, take = limit + 1 });
        var where = new StringBuilder("organisation_id = @organisationId AND NOT deleted AND (NOT simulated OR phase NOT IN ('Closed', 'Cancelled'))");
        if (actor.Role == Role.Proctor)
        {
            where.Append(" AND id IN (SELECT session_id FROM session_proctors WHERE staff_id = @staffId)");
        }

        if (query.HidePast)
        {
            where.Append(" AND phase NOT IN ('Closed', 'Cancelled')");
        }

        if (!query.ShowOld)
        {
            where.Append(" AND closes_at >= @oldest");
            parameters.Add("oldest", time.Now().AddMonths(-3).ToUnixTimeMilliseconds());
        }

        if (query.Phase is { } phase)
        {
            where.Append(" AND phase = @phase");
            parameters.Add("phase", phase.ToString());
        }

        if (!string.IsNullOrWhiteSpace(query.Search))
        {
            var text = query.Search.Trim().ToUpperInvariant();
            where.Append(" AND (").Append(db.Dialect.Contains("name_key", "@search"))
                .Append(" OR ").Append(db.Dialect.Contains("code_key", "@search"));
            parameters.Add("search", $"%{Escape(text)}%");

            // Join IDs are stored without their dash; a dash alone is no part of one.
            if (text.Replace("-", "", StringComparison.Ordinal) is { Length: > 0 } joinId)
            {
                where.Append(" OR ").Append(db.Dialect.Contains("join_id", "@joinId"));
                parameters.Add("joinId", $"%{Escape(joinId)}%");
            }

            where.Append(')');
        }

        if (query.Cursor is not null)
        {
            if (ReadCursor(query.Cursor, by.Number) is not { } after)
            {
                return Problem.Invalid(("cursor", "This is no cursor of this list."));
            }

            where.Append($" AND ({by.Column}, id) {(descending ? "<" : ">")} (@afterValue, @afterId)");
            parameters.Add("afterValue", after.Value);
            parameters.Add("afterId", after.Id);
        }

        var direction = descending ? "DESC" : "ASC";
        var sql = $"SELECT document, CAST({by.Column} AS text) FROM sessions WHERE {where} ORDER BY {by.Column} {direction}, id {direction} LIMIT @take";
        var rows = await db.Read(async connection => (await connection.QueryAsync<(string Document, string Key)>(sql, parameters)).AsList());
        var page = rows.Take(limit).Select(row => (Session: Json.Read<Session>(row.Document), row.Key)).ToList();
        var counts = await entries.Counts([.. page.Select(row => row.Session.Id)]);
        var next = rows.Count > limit ? WriteCursor(page[^1].Key, page[^1].Session.Id) : null;
        return new SessionListPage([.. page.Select(row => SessionListRow.Of(row.Session, SessionCounts.Of(counts[row.Session.Id])))], next);
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

    private static string WriteCursor(string value, string id) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{id}|{value}"));

    private static (object Value, string Id)? ReadCursor(string cursor, bool number)
    {
        if (cursor.Length > 1000 || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        var bar = text.IndexOf('|', StringComparison.Ordinal);
        if (bar < 1 || text.Any(char.IsControl))
        {
            return null;
        }

        var value = text[(bar + 1)..];
        return number
            ? long.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var parsed) ? (parsed, text[..bar]) : null
            : (value, text[..bar]);
    }
}
