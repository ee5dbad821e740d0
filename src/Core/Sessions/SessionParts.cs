using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>What a session takes over from elsewhere in its organisation: tests, profile and proctors, as they are when it is created or edited.</summary>
internal static class SessionParts
{
    private const string Columns = """
        code AS Code, code_key AS CodeKey, title AS Title, kind AS Kind, sections AS Sections, minutes AS Minutes, proctored AS Proctored,
        launch_url AS LaunchUrl, delivery AS Delivery
        """;

    /// <summary>The tests of these codes, in that order, or which code is unknown.</summary>
    /// <param name="simulated">Whether those of rehearsals are meant; they and real ones never stand in one session.</param>
    public static async Task<Result<IReadOnlyList<SessionTest>>> Tests(Change change, string organisationId, IReadOnlyList<string> codes, bool simulated)
    {
        var sql = $"""
            SELECT {Columns} FROM tests WHERE organisation_id = @organisationId AND simulated = @simulated AND {change.Dialect.In("code_key", "@keys")}
            """;
        var keys = codes.Select(code => code.Trim().ToUpperInvariant()).Distinct(StringComparer.Ordinal).ToArray();
        var found = (await change.All<TestRow>(sql, new { organisationId, simulated, keys })).ToDictionary(row => row.CodeKey, StringComparer.Ordinal);
        var unknown = keys.FirstOrDefault(key => !found.ContainsKey(key));
        if (unknown is not null)
        {
            return Problem.Invalid(("tests", $"There is no test with the code {unknown}."));
        }

        return keys.Select(key => found[key].ToTest()).ToList();
    }

    /// <summary>
    /// The locked sessions with their tests as the catalogue has them: what a session whose lobby has not opened gives is fixed when that opens
    /// (docs/decisions/0055). Those that are past it stay as they are.
    /// </summary>
    public static async Task<IReadOnlyList<Session>> WithCurrentTests(Change change, IReadOnlyList<Session> sessions)
    {
        var scheduled = sessions.Where(session => session.Phase == SessionPhase.Scheduled).ToList();
        if (scheduled.Count == 0)
        {
            return sessions;
        }

        var sql = $"""
            SELECT organisation_id AS OrganisationId, simulated AS Simulated, {Columns} FROM tests
            WHERE {change.Dialect.Among("organisation_id", "@organisations")} AND {change.Dialect.Among("code_key", "@keys")}
            """;
        var organisations = new Many([.. scheduled.Select(session => session.OrganisationId).Distinct(StringComparer.Ordinal)]);
        var keys = new Many([.. scheduled.SelectMany(session => session.Tests, (_, test) => Catalogue.Test.Key(test.Code)).Distinct(StringComparer.Ordinal)]);
        var found = (await change.All<OwnedRow>(sql, new { organisations, keys })).ToDictionary(row => (row.OrganisationId, row.Simulated, row.CodeKey), row => row.ToTest());
        var current = new List<Session>(sessions.Count);
        foreach (var session in sessions)
        {
            var next = session.Phase != SessionPhase.Scheduled ? session : session with
            {
                Tests = [.. session.Tests.Select(test => found.GetValueOrDefault((session.OrganisationId, session.Simulated, Catalogue.Test.Key(test.Code))) ?? test)],
            };

            // No profile has an effect where nobody decides: it begins or ends with the first test that is proctored.
            var profile = next.Proctored == session.Proctored ? null : await ProfileStore.Current(change, session.OrganisationId, session.ProfileId);
            current.Add(profile is null ? next : FollowRules.Apply(next, profile));
        }

        return current;
    }

    /// <summary>The profile of this id, or the one that applies where none is named.</summary>
    public static async Task<Result<CurrentProfile>> Profile(Change change, string organisationId, string? profileId) =>
        await ProfileStore.Current(change, organisationId, profileId) is { } profile ? profile : Problem.Invalid(("profileId", "There is no such profile."));

    /// <summary>The staff of these ids, the first as lead. A proctor who names nobody, or forgets itself, is among them.</summary>
    public static async Task<Result<IReadOnlyList<SessionProctor>>> Proctors(Change change, string organisationId, IReadOnlyList<string>? wanted)
    {
        var ids = (wanted ?? []).Distinct(StringComparer.Ordinal).ToList();
        var actor = change.Actor;
        if (actor.Kind == ActorKind.Staff && (ids.Count == 0 || (actor.Role == Role.Proctor && !ids.Contains(actor.Id))))
        {
            ids.Add(actor.Id);
        }

        var sql = $"SELECT id AS Id, name AS Name, role AS Role FROM staff WHERE organisation_id = @organisationId AND NOT disabled AND {change.Dialect.In("id", "@ids")}";
        var found = (await change.All<StaffRow>(sql, new { organisationId, ids = ids.ToArray() })).ToDictionary(row => row.Id, StringComparer.Ordinal);
        if (ids.Exists(id => !found.ContainsKey(id)))
        {
            return Problem.Invalid(("proctors", "One of the proctors is not on the staff."));
        }

        if (ids.Exists(id => string.Equals(found[id].Role, nameof(Role.Observer), StringComparison.OrdinalIgnoreCase)))
        {
            return Problem.Invalid(("proctors", "An observer cannot be a proctor."));
        }

        return ids.Select((id, index) => new SessionProctor(id, found[id].Name, Lead: index == 0)).ToList();
    }

    private sealed record OwnedRow : TestRow
    {
        public required string OrganisationId { get; init; }

        public required bool Simulated { get; init; }
    }

    private record TestRow
    {
        public required string Code { get; init; }

        public required string CodeKey { get; init; }

        public required string Title { get; init; }

        public required string Kind { get; init; }

        public required string Sections { get; init; }

        public required long Minutes { get; init; }

        public required bool Proctored { get; init; }

        public required string LaunchUrl { get; init; }

        public required string Delivery { get; init; }

        public SessionTest ToTest() => new(
            Code, Title, Enum.Parse<TestKind>(Kind, ignoreCase: true), (int)Minutes, Proctored, LaunchUrl, Delivery == "none" ? null : Delivery,
            Json.Read<IReadOnlyList<SessionSection>>(Sections));
    }

    private sealed record StaffRow(string Id, string Name, string Role);
}
