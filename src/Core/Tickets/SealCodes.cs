using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Tickets;

/// <summary>The code of one sealed section in one session.</summary>
/// <param name="Code">As stored: six characters of the alphabet without look-alikes.</param>
/// <param name="MadeAt">When it was last generated.</param>
public sealed record SealCode(string TestCode, string TestTitle, string Section, string Code, DateTimeOffset MadeAt);

/// <summary>The codes of a session's sealed sections, in the order of its tests and their sections.</summary>
public sealed record SealCodesView(string SessionId, string SessionName, IReadOnlyList<SealCode> Codes);

/// <summary>Which codes to make anew: those of a test, of one section of it, or all.</summary>
public sealed record NewSealCodes(string? TestCode = null, string? Section = null);

/// <summary>
/// Seal codes (product.md section 4): one per sealed section and session, for those who may steer the session.
/// A code that is missing is made when it is first looked at, so a section that was sealed later has one as well.
/// Problems: notFound, forbidden, invalid.
/// </summary>
public sealed class SealCodes(Changes changes)
{
    /// <summary>How many characters a code has.</summary>
    public const int Length = 6;

    /// <summary>The codes as they are.</summary>
    public Task<Result<SealCodesView>> See(Actor actor, string sessionId) => changes.Run<SealCodesView>(actor, async change =>
    {
        var loaded = await SessionChange.Steer(change, sessionId);
        return loaded.Failed(out var problem) ? problem : new SealCodesView(sessionId, loaded.Value.Name, await Read(change, loaded.Value));
    });

    /// <summary>Makes codes anew; the old ones open nothing any more.</summary>
    public Task<Result<SealCodesView>> Renew(Actor actor, string sessionId, NewSealCodes which, Once? once = null) => changes.Run<SealCodesView>(
        actor,
        async change =>
        {
            var loaded = await SessionChange.Steer(change, sessionId);
            if (loaded.Failed(out var problem))
            {
                return problem;
            }

            var session = loaded.Value;
            var chosen = Sealed(session).Where(section => Chosen(which, section)).ToList();
            if (chosen.Count == 0)
            {
                return Problem.Invalid((which.Section is null ? "testCode" : "section", "This session has no such sealed section."));
            }

            foreach (var (test, section) in chosen)
            {
                await Write(change, session.Id, test, section, renew: true);
            }

            change.Record(session.OrganisationId, FeedNames.Session(session.Id), "sealCodesRenewed", session.Id, new { which.TestCode, which.Section, sections = chosen.Count });
            return new SealCodesView(session.Id, session.Name, await Read(change, session));
        },
        once);

    /// <summary>The code of the section inside a change on its session; null when nobody has looked at it, so nobody can know it.</summary>
    internal static Task<string?> Of(Change change, string sessionId, string testCode, string section) => change.Find<string>(
        "SELECT code FROM seal_codes WHERE session_id = @sessionId AND test_key = @key AND section = @section",
        new { sessionId, key = Test.Key(testCode), section });

    /// <summary>What somebody typed, as it is stored: case, spaces and dashes do not matter.</summary>
    internal static string Plain(string typed) => new string([.. typed.Where(character => character is not ('-' or ' ' or '–'))]).ToUpperInvariant();

    private static async Task<IReadOnlyList<SealCode>> Read(Change change, Session session)
    {
        const string sql = "SELECT test_key AS TestKey, section AS Section, code AS Code, made_at AS MadeAt FROM seal_codes WHERE session_id = @id";
        foreach (var (test, section) in Sealed(session))
        {
            await Write(change, session.Id, test, section, renew: false);
        }

        var rows = (await change.All<Row>(sql, new { id = session.Id })).ToDictionary(row => (row.TestKey, row.Section));
        return [.. Sealed(session).Select(item =>
        {
            var row = rows[(Test.Key(item.Test.Code), item.Section)];
            return new SealCode(item.Test.Code, item.Test.Title, item.Section, row.Code, row.MadeAt);
        })];
    }

    private static Task Write(Change change, string sessionId, SessionTest test, string section, bool renew)
    {
        const string insert = """
            INSERT INTO seal_codes (session_id, test_key, section, code, made_at) VALUES (@sessionId, @key, @section, @code, @at)
            ON CONFLICT (session_id, test_key, section)
            """;
        return change.Execute(
            insert + (renew ? " DO UPDATE SET code = @code, made_at = @at" : " DO NOTHING"),
            new { sessionId, key = Test.Key(test.Code), section, code = Secret.NewReadable(Length), at = change.Now });
    }

    // Two sections of one title have one code: the delivery system names a section by its title.
    private static IEnumerable<(SessionTest Test, string Section)> Sealed(Session session) =>
        session.Tests.SelectMany(test => test.Sections.Where(section => section.Sealed).Select(section => section.Title).Distinct(StringComparer.Ordinal).Select(title => (test, title)));

    private static bool Chosen(NewSealCodes which, (SessionTest Test, string Section) section) =>
        (which.TestCode is null || Test.Key(which.TestCode) == Test.Key(section.Test.Code)) && (which.Section is null || which.Section == section.Section);

    private sealed record Row(string TestKey, string Section, string Code, DateTimeOffset MadeAt);
}
