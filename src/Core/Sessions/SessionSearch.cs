using System.Data.Common;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>What is searched for among sessions, as conditions on <c>session_search</c>: a part of the name, the code or the join ID.</summary>
internal sealed class SessionSearch
{
    private const int Short = 3;

    private const int Long = 6;

    private readonly Dialect dialect;
    private readonly string words;
    private readonly string? joinId;

    public SessionSearch(Dialect dialect, string search)
    {
        this.dialect = dialect;
        words = SessionLists.SearchKey(search.Trim());
        // Join IDs stand without their dash; a dash alone is no part of one.
        joinId = words.Replace("-", "", StringComparison.Ordinal) is { Length: > 0 and <= 8 } undashed && undashed.Length < words.Length ? undashed : null;
    }

    /// <summary>The whole join ID that is searched for: the likeliest search of all.</summary>
    public string? JoinId => Sessions.JoinId.Parse(words);

    /// <summary>
    /// Whether about so many sessions are hit: as the database's statistics have it, and true for what is shorter than the index knows. A wrong answer
    /// costs time only.
    /// </summary>
    public async Task<bool> IsCommon(DbConnection connection, int hits)
    {
        if (Parts(words) is not { Length: > 0 } parts)
        {
            return true;
        }

        if (!dialect.IndexesParts)
        {
            return false;
        }

        var plan = await connection.QuerySingleAsync<string>("EXPLAIN (FORMAT JSON) SELECT 1 FROM session_search WHERE session_parts(words) @> @parts", new { parts });
        return JsonNode.Parse(plan)![0]!["Plan"]!["Plan Rows"]!.GetValue<long>() >= hits;
    }

    /// <summary>The condition that a row of <c>session_search</c> is hit.</summary>
    /// <param name="byIndex">Whether hits are to be found by the index of parts, else rows are looked at one by one.</param>
    public string Match(bool byIndex) => joinId is null ? One("pattern", "parts", words, byIndex) : $"({One("pattern", "parts", words, byIndex)} OR {One("joinIdPattern", "joinIdParts", joinId, byIndex)})";

    /// <summary>Its parameters.</summary>
    public DynamicParameters Parameters(object? others = null)
    {
        var parameters = new DynamicParameters(others);
        parameters.Add("pattern", $"%{Escape(words)}%");
        parameters.Add("parts", Parts(words));
        if (joinId is not null)
        {
            parameters.Add("joinIdPattern", $"%\n%\n%{Escape(joinId)}%");
            parameters.Add("joinIdParts", Parts(joinId));
        }

        return parameters;
    }

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
