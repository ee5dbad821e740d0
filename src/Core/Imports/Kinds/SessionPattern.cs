using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Imports.Kinds;

/// <summary>What every new session of a file has in common, because the file does not say it. Looked up once.</summary>
internal sealed record SessionPattern(string OrganisationId, IReadOnlyList<SessionTest> Tests, CurrentProfile Profile, IReadOnlyList<SessionProctor> Proctors)
{
    public static async Task<Result<SessionPattern>> Load(Change change, Import import)
    {
        var codes = import.Options.Tests;
        if (codes.Count == 0)
        {
            codes = await change.All<string>(
                "SELECT code FROM tests WHERE organisation_id = @organisation AND NOT simulated LIMIT 2", new { organisation = import.OrganisationId });
            if (codes.Count != 1)
            {
                return Problem.Invalid(("tests", "Choose which tests the new sessions give when you send the file."));
            }
        }

        var tests = await SessionParts.Tests(change, import.OrganisationId, codes, simulated: false);
        var profile = await SessionParts.Profile(change, import.OrganisationId, null);
        var proctors = await SessionParts.Proctors(change, import.OrganisationId, null);
        return tests.Failed(out var problem) || profile.Failed(out problem) || proctors.Failed(out problem)
            ? problem
            : new SessionPattern(import.OrganisationId, tests.Value, profile.Value, proctors.Value);
    }

    /// <summary>A session that no database has seen; its join ID is still to be given.</summary>
    public Session Make(string name, string code, ImportOptions options, DateTimeOffset opensAt, DateTimeOffset closesAt, DateTimeOffset now)
    {
        var session = new Session
        {
            Id = Id.New(now),
            OrganisationId = OrganisationId,
            Name = name,
            Mode = options.Mode,
            TimeZone = options.TimeZone,
            OpensAt = Instant.Truncate(opensAt),
            ClosesAt = Instant.Truncate(closesAt),
            Tests = Tests,
            Proctors = Proctors,
            Code = code.Length == 0 ? null : code,
            Password = SessionPassword.New(),
            JoinId = "",
            LinkSecret = options.Mode == SessionMode.InPerson ? null : Secret.New(),
            PhaseSince = now,
            CreatedAt = now,
        };
        return FollowRules.Apply(session, Profile);
    }
}
