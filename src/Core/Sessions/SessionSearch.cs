using System.Data.Common;
using System.Text;
using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>
/// What is searched for among sessions: a part of the name, the code or the join ID. Hits whose name begins with it stand together in the order of names;
/// all others have it inside, and an index of parts finds them.
/// </summary>
internal sealed class SessionSearch
{
    private const int Short = 3;

    private const int Long = 6;

    // The last character there is; no name holds it.
    private const string Last = "\U0010FFFF";

    private readonly Dialect dialect;
    private readonly string words;
    private readonly string? joinId;
    private string[] parts;

    public SessionSearch(Dialect dialect, string search)
    {
        this.dialect = dialect;
        words = SessionLists.SearchKey(search.Trim());
        // Join IDs stand without their dash; a dash alone is no part of one.
        joinId = words.Replace("-", "", StringComparison.Ordinal) is { Length: > 0 and <= 8 } undashed && undashed.Length < words.Length ? undashed : null;
        parts = Parts(words);
    }

    /// <summary>The whole join ID that is searched for: the likeliest search of all.</summary>
    public string? JoinId => Sessions.JoinId.Parse(words);

    /// <summary>
    /// Asks the statistics about how many sessions have it inside; all, for what is shorter than the index knows. From then on only its rarest parts are
    /// looked for: the index has long lists of what is common, and whoever has what is rare is looked at anyway.
    /// </summary>
    public async Task<long> Weigh(DbConnection connection, PartStatistics statistics)
    {
        if (parts.Length == 0)
        {
            return long.MaxValue;
        }

        var sessions = await statistics.Sessions(connection, parts);
        var fewest = sessions.Min();
        parts = [.. parts.Where((_, number) => sessions[number] <= 2 * fewest)];
        return fewest;
    }

    /// <summary>Whether at least so many sessions begin with it.</summary>
    public async Task<bool> Begins(DbConnection connection, string organisationId, int hits) => hits <= await connection.QuerySingleAsync<long>(
        $"SELECT count(*) FROM (SELECT 1 FROM session_search WHERE {Beginning("words")} AND organisation_id = @organisationId LIMIT {hits}) AS rows", Parameters(new { organisationId }));

    /// <summary>The condition that a row of <c>session_search</c> is hit, for rows that are looked at one by one.</summary>
    public string Match => Either(byIndex: false);

    /// <summary>The condition that a row of <c>session_search</c> is hit, but its name does not begin with what is searched for.</summary>
    public string Inside => $"{Either(byIndex: true)} AND NOT ({Beginning("words")})";

    /// <summary>All hits of an organisation (<c>@organisationId</c>), their ids.</summary>
    public string Hits => $"""
        SELECT session_id FROM session_search WHERE {Beginning("words")} AND organisation_id = @organisationId
        UNION ALL SELECT session_id FROM session_search WHERE {Inside} AND organisation_id = @organisationId
        """;

    /// <summary>The condition that a name, or what begins with it, begins with what is searched for.</summary>
    public static string Beginning(string name) => $"{name} >= @least AND {name} < @beyond";

    /// <summary>Its parameters.</summary>
    public DynamicParameters Parameters(object? others = null)
    {
        var parameters = new DynamicParameters(others);
        parameters.Add("least", words);
        parameters.Add("beyond", words + Last);
        parameters.Add("pattern", $"%{Escape(words)}%");
        parameters.Add("parts", parts);
        if (joinId is not null)
        {
            parameters.Add("joinIdPattern", $"%\n%\n%{Escape(joinId)}%");
            parameters.Add("joinIdParts", Parts(joinId));
        }

        return parameters;
    }

    private string Either(bool byIndex) =>
        joinId is null ? One("pattern", "parts", words, byIndex) : $"({One("pattern", "parts", words, byIndex)} OR {One("joinIdPattern", "joinIdParts", joinId, byIndex)})";

    private string One(string pattern, string parts, string text, bool byIndex)
    {
        var match = $@"words LIKE @{pattern} ESCAPE '\'";
        return byIndex && Parts(text).Length > 0 && dialect.IndexesParts ? $"(session_parts(words) @> @{parts} AND {match})" : match;
    }

    // As few as cover the text, as long as the index has them: the longer a part, the rarer it is.
    private static string[] Parts(string text)
    {
        var characters = text.EnumerateRunes().ToArray();
        var length = characters.Length >= Long ? Long : Short;
        if (characters.Length < length)
        {
            return [];
        }

        var starts = Enumerable.Range(0, characters.Length / length).Select(number => number * length).Append(characters.Length - length).Distinct();
        return [.. starts.Select(start => string.Concat(characters.Skip(start).Take(length)))];
    }

    private static string Escape(string text) => new StringBuilder(text).Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_").ToString();
}
