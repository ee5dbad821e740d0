using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

public sealed class DuplicatingSessionsTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task A_copy_is_like_its_session_with_a_window_and_secrets_of_its_own(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session(form => form with { Mode = SessionMode.Hybrid, Code = "maple 47", Capacity = 30, Note = "Bring paper", StartMode = StartMode.Manual });
        var duplicate = new DuplicateSession(world.Changes);

        var copy = Good(await duplicate.Run(world.Manager, session.Id, new DuplicateRequest()));

        Assert.Equal($"{session.Name} (copy)", copy.Name);
        Assert.Equal(session.OpensAt.AddDays(7), copy.OpensAt);
        Assert.Equal(session.ClosesAt.AddDays(7), copy.ClosesAt);
        Assert.Equal((session.Mode, session.Code, session.Capacity, session.Note, session.StartMode), (copy.Mode, copy.Code, copy.Capacity, copy.Note, copy.StartMode));
        Assert.Equal(session.Proctors, copy.Proctors);
        Assert.Equivalent(session.Tests, copy.Tests);
        Assert.Equal(SessionPhase.Scheduled, copy.Phase);
        Assert.NotEqual(session.Id, copy.Id);
        Assert.NotEqual(session.JoinId, copy.JoinId);
        Assert.NotEqual(session.JoinLink, copy.JoinLink);
        Assert.NotEqual(session.Password, copy.Password);

        var named = Good(await duplicate.Run(world.Ada, session.Id, new DuplicateRequest { Name = "Again", OpensAt = "01/12/26 14:00" }));
        Assert.Equal(("Again", new DateTimeOffset(2026, 12, 1, 14, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(2)), (named.Name, named.OpensAt, named.ClosesAt - named.OpensAt));
        Assert.Contains("opensAt", Refused(ProblemKind.Invalid, await duplicate.Run(world.Ada, session.Id, new DuplicateRequest { OpensAt = "soon" })).Fields.Keys);
        Refused(ProblemKind.NotFound, await duplicate.Run(world.Cleo, session.Id, new DuplicateRequest()));
        Refused(ProblemKind.NotFound, await duplicate.Run(world.Stranger, session.Id, new DuplicateRequest()));
        Refused(ProblemKind.Forbidden, await duplicate.Run(world.Observer, session.Id, new DuplicateRequest()));
    }

    // Europe/Paris goes forward on 2027-03-28 at 02:00 and back on 2026-10-25 and 2027-10-31 at 03:00; Lord Howe goes forward by half an hour on 2026-10-04 at 02:00.
    [Theory]
    [InlineData("Europe/Paris", "2027-03-22T08:00:00Z", "2027-03-22T09:00:00Z", "2027-03-29T07:00:00Z")]
    [InlineData("Europe/Paris", "2026-10-20T07:00:00Z", "2026-10-20T08:00:00Z", "2026-10-27T08:00:00Z")]
    [InlineData("Europe/Paris", "2027-03-21T01:30:00Z", "2027-03-21T02:00:00Z", "2027-03-28T01:30:00Z")]
    [InlineData("Europe/Paris", "2027-10-24T00:30:00Z", "2027-10-24T01:00:00Z", "2027-10-31T00:30:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-09-26T15:45:00Z", "2026-09-26T16:00:00Z", "2026-10-03T15:45:00Z")]
    [InlineData("UTC", "2026-11-20T09:00:00Z", "2026-12-24T08:59:59Z", "2026-12-25T09:00:00Z")]
    [InlineData("UTC", "2026-11-20T09:00:00Z", "2026-12-25T09:00:00Z", "2027-01-01T09:00:00Z")]
    public void The_coming_week_has_the_same_time_on_the_wall_across_changes_of_the_clocks(string zone, string opens, string now, string expected)
    {
        var (opensAt, closesAt) = SessionTimes.InComingWeek(At(opens), At(opens).AddHours(24), SessionTimes.Zone(zone)!, At(now));

        Assert.Equal(At(expected), opensAt);
        Assert.InRange(closesAt - opensAt, TimeSpan.FromHours(23), TimeSpan.FromHours(25));

        static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }
}
