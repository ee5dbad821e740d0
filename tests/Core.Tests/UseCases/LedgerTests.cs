using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Tests.Sessions;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>What holds of the credits whatever happens, in whatever order and however much of it at once.</summary>
public sealed class LedgerTests
{
    [Theory]
    [MemberData(nameof(Walks))]
    public async Task The_balance_is_what_was_there_and_taken_and_returned_and_granted(string kind, int seed)
    {
        await using var world = await World.New(kind);
        var random = new Random(seed);
        const long opening = 12;
        await world.CreditsLeft(opening);
        var students = await world.Class(12);
        var sessions = new[] { await world.Session(), await world.Session(form => form with { Name = "Other" }) };
        var cleanUp = new CleanUp(world.Db, world.Changes, world.Clock);
        var organisation = world.Manager.OrganisationId;
        var seen = new List<string>();
        for (var round = 0; round < 8; round++)
        {
            var acts = Enumerable.Range(0, 6).Select(_ => Act(random.Next(7), random.Next(students.Count), random.Next(-3, 6), random.Next(3))).ToList();
            await Task.WhenAll(acts.Select(act => Task.Run(act)));
            seen = [.. Good(await world.RegistrationList.Run(world.Manager, new RegistrationQuery(Limit: 200))).Items.Select(item => item.Id)];
            await Holds();
        }

        Func<Task> Act(int what, int student, int amount, int place)
        {
            var sessionId = place == 2 ? null : sessions[place].Id;
            var known = seen.Count == 0 ? "none" : seen[student % seen.Count];
            return what switch
            {
                0 or 1 => () => world.Register.One(world.Manager, new NewRegistration { StudentId = students[student].Id, TestCode = Practice }, null),
                2 => () => world.Register.Many(world.Manager, new NewRegistrations { StudentIds = [.. students.Skip(student).Take(4).Select(each => each.Id)], TestCode = Delivered, SessionId = sessionId }, null),
                3 => () => world.Registrations.CancelOne(world.Manager, known, null),
                4 => () => world.Registrations.Cancel(world.Manager, new CancelledRegistrations { Ids = [.. seen.Skip(student).Take(5), known] }, null),
                5 => () => world.Registrations.Move(world.Manager, new MovedRegistrations { Ids = [.. seen.Take(student), known], SessionId = sessionId }, null),
                _ => async () =>
                {
                    await new GrantCredits(world.Changes).Run(world.Administrator, new CreditGrant { Amount = amount, Note = "Because" }, null);
                    await cleanUp.Run(world.Manager, new CleanUpRequest { Expected = 0 }, null);
                },
            };
        }

        async Task Holds()
        {
            var ledger = Good(await world.Credits.List(organisation, "", 200));
            Assert.Null(ledger.Next);
            Assert.Equal(opening + ledger.Items.Sum(line => line.Amount), ledger.Balance);
            Assert.True(ledger.Balance >= 0);
            var balance = ledger.Balance;
            for (var index = 0; index < ledger.Items.Count; index++)
            {
                var line = ledger.Items[index];
                Assert.Equal((ledger.Items.Count - index, balance), (line.Seq, line.Balance));
                balance -= line.Amount;
            }

            var registrations = Good(await world.RegistrationList.Run(world.Manager, new RegistrationQuery(Limit: 200))).Items;
            Assert.Equal(registrations.Select(item => item.Id).Order(), Lines(CreditKind.Taken));
            Assert.Equal(registrations.Where(item => item.Status == RegistrationStatus.Cancelled).Select(item => item.Id).Order(), Lines(CreditKind.Returned));
            Assert.Distinct(registrations.Where(item => item.Status == RegistrationStatus.Pending).Select(item => (item.Student.Id, item.TestCode)));
            IEnumerable<string> Lines(CreditKind of) => ledger.Items.Where(line => line.Kind == of).Select(line => line.RegistrationId!).Order();
        }
    }

    public static TheoryData<string, int> Walks => new(new[] { "sqlite", "postgres" }.SelectMany(kind => new[] { 1, 2, 3 }.Select(seed => (kind, seed))));

    [Theory, ClassData(typeof(Databases))]
    public async Task An_administrator_adds_credits_with_a_reason(string kind)
    {
        await using var world = await World.New(kind);
        var grant = new GrantCredits(world.Changes);
        Assert.Equal(CreditLedger.Opening + 50, Good(await grant.Run(world.Administrator, new CreditGrant { Amount = 50, Note = "Contract 12" }, null)).Balance);
        Assert.Equal(["amount", "note"], Refused(ProblemKind.Invalid, await grant.Run(world.Administrator, new CreditGrant { Amount = 0 }, null)).Fields.Keys.Order());
        await world.CreditsLeft(5);
        Refused(ProblemKind.Invalid, await grant.Run(world.Administrator, new CreditGrant { Amount = -6, Note = "Mistake" }, null));
        Assert.Equal(5, await world.Balance());
        Assert.Equal("Contract 12", Assert.Single(Good(await world.Credits.List(world.Administrator.OrganisationId, "", 10)).Items).Note);
        Assert.Empty(Good(await world.Credits.List(world.Stranger.OrganisationId, "", 10)).Items);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_repeated_request_takes_one_credit(string kind)
    {
        await using var world = await World.New(kind);
        var input = new NewRegistration { StudentId = (await world.Known(1)).Id, TestCode = Delivered };
        var once = new Once(world.Manager.Id, "key", "request");
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(async () => Good(await world.Register.One(world.Manager, input, once)))));
        Assert.Single(answers.Select(answer => answer.Id).Distinct(StringComparer.Ordinal));
        Assert.Equal(CreditLedger.Opening - 1, await world.Balance());
    }

    private static IEnumerable<Entry> Reaches => Enum.GetValues<EntryState>().SelectMany(state => new[] { 0, 60 }.SelectMany(used => new DateTimeOffset?[] { null, Nine }.Select(running =>
        Given.Entry(Given.Delivered) with { State = state, UsedSeconds = used, RunningSince = running })));

    [Fact]
    public void Following_an_entry_twice_changes_nothing_more()
    {
        // Every status against every reach of an entry, whatever its state.
        foreach (var status in Enum.GetValues<RegistrationStatus>())
        {
            foreach (var entry in Reaches)
            {
                var after = RegistrationRules.After(status, entry);
                Assert.Equal(after, RegistrationRules.After(after, entry));
                Assert.True(after == status || status != RegistrationStatus.Cancelled, "What is cancelled stays so.");
                Assert.True(after != RegistrationStatus.Pending || status == RegistrationStatus.Pending, "What was started is never new again.");
                Assert.True(after != RegistrationStatus.Completed || entry.Ended, "What goes on is not completed.");
            }
        }
    }
}
