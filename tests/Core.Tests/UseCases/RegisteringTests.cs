using LiveProctor.Core.Entries;
using LiveProctor.Core.Groups;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

public sealed class RegisteringTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task A_registration_costs_one_credit_and_is_shown_with_its_student_and_session(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session();
        var registered = await world.Registered(1, session, settings: new() { ["time"] = "+25%" });
        Assert.Equal((RegistrationStatus.Pending, "S-001", Delivered, "The test MATH-7", session.Id, session.Name, session.OpensAt, "+25%"), (
            registered.Status, registered.Student.ExternalId, registered.TestCode, registered.TestTitle, registered.SessionId, registered.SessionName, registered.OpensAt, registered.Settings["time"]));
        Assert.Equal(8, registered.UserId.Length);
        Assert.Equal(CreditLedger.Opening - 1, await world.Balance());
        Assert.Equivalent(registered, await world.Registration(registered.Id), strict: true);
        var line = Assert.Single(Good(await world.Credits.List(world.Manager.OrganisationId, "", 50)).Items);
        Assert.Equal((1, CreditKind.Taken, -1, CreditLedger.Opening - 1, registered.Id, world.Manager.Id), (line.Seq, line.Kind, line.Amount, line.Balance, line.RegistrationId, line.By.Id));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_student_is_registered_once_to_a_test_that_is_pending_or_started(string kind)
    {
        await using var world = await World.New(kind);
        await world.Registered(1);
        var student = (await world.Known(1)).Id;
        Refused(ProblemKind.Duplicate, await world.Register.One(world.Manager, new NewRegistration { StudentId = student, TestCode = " math-7 " }, null));
        Good(await world.Register.One(world.Manager, new NewRegistration { StudentId = student, TestCode = Practice }, null));
        Assert.Equal(CreditLedger.Opening - 2, await world.Balance());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_whole_group_comes_into_a_session_in_one_action_and_who_has_not_started_elsewhere_is_moved(string kind)
    {
        await using var world = await World.New(kind);
        var (here, there) = (await world.Session(form => form with { Capacity = 10 }), await world.Session(form => form with { Name = "Elsewhere" }));
        var students = await world.Class(20, "7b");
        var group = Assert.Single(Good(await world.Groups.List(world.Manager.OrganisationId, "7B", "", 10)).Items);
        Assert.Equal(("7b", 20), (group.Name, group.Size));
        NewRegistrations Of(SessionView session, params string[] ids) => new() { StudentIds = ids, TestCode = Delivered, SessionId = session.Id };
        Assert.Equal(3, Good(await world.Register.Many(world.Manager, Of(there, students[0].Id, students[1].Id, students[2].Id), null)).Registered);
        Assert.Equal(2, Good(await world.Register.Many(world.Manager, Of(here, students[3].Id, students[4].Id), null)).Registered);
        var answer = Good(await world.Register.Many(world.Manager, new NewRegistrations { GroupId = group.Id, TestCode = Delivered, SessionId = here.Id }, null));
        Assert.Equal((15, 3, 2, 0, 10), (answer.Registered, answer.Moved, answer.Already, answer.Refused.Count, answer.OverCapacity));
        Assert.Equal(CreditLedger.Opening - 20, await world.Balance());
        var list = Good(await world.RegistrationList.Run(world.Ada, new RegistrationQuery(SessionId: here.Id, Limit: 200)));
        Assert.Equal(students.Select(student => student.ExternalId), list.Items.Select(item => item.Student.ExternalId));
        Assert.Empty(Good(await world.RegistrationList.Run(world.Manager, new RegistrationQuery(SessionId: there.Id))).Items);
        Assert.Empty(Good(await world.RegistrationList.Run(world.Cleo, new RegistrationQuery())).Items);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Nothing_of_another_organisation_is_registered_moved_or_cancelled(string kind)
    {
        await using var world = await World.New(kind);
        var ours = await world.Registered(1);
        var theirs = await world.Known(1, world.Stranger);
        var session = await world.Session();
        Assert.Equal("studentId", Assert.Single(Refused(ProblemKind.Invalid, await world.Register.One(world.Manager, new NewRegistration { StudentId = theirs.Id, TestCode = Delivered }, null)).Fields).Key);
        Refused(ProblemKind.Invalid, await world.Register.One(world.Stranger, new NewRegistration { StudentId = theirs.Id, TestCode = Delivered }, null));
        Refused(ProblemKind.Invalid, await world.Register.One(world.Stranger, new NewRegistration { StudentId = theirs.Id, TestCode = Delivered, SessionId = session.Id }, null));
        Refused(ProblemKind.NotFound, await world.Registrations.Edit(world.Stranger, ours.Id, new RegistrationEdit(), null));
        Refused(ProblemKind.NotFound, await world.Registrations.CancelOne(world.Stranger, ours.Id, null));
        Assert.Equal("notFound", Assert.Single(Good(await world.Registrations.Cancel(world.Stranger, new CancelledRegistrations { Ids = [ours.Id] }, null)).Refused).Code);
        Assert.Empty(Good(await world.RegistrationList.Run(world.Stranger, new RegistrationQuery())).Items);
        Assert.Null(await world.RegistrationList.Find(world.Stranger, ours.Id));
        Assert.Equal(1, (await world.Registration(ours.Id)).Version);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_session_that_is_over_cancelled_or_without_the_test_takes_no_registrations(string kind)
    {
        await using var world = await World.New(kind);
        var student = (await world.Known(1)).Id;
        var open = await world.Open();
        var cancelled = await world.Session();
        Good(await world.Steer.Cancel(world.Manager, cancelled.Id, new PhaseRequest(Reason: "Snow")));
        Task<Result<RegistrationView>> In(SessionView session, string test = Delivered) =>
            world.Register.One(world.Manager, new NewRegistration { StudentId = student, TestCode = test, SessionId = session.Id }, null);
        Refused(ProblemKind.SessionCancelled, await In(cancelled));
        Assert.Equal("testCode", Assert.Single(Refused(ProblemKind.Invalid, await In(open, Practice)).Fields).Key);
        Good(await In(open));
        student = (await world.Known(2)).Id;
        // The end is the end, also before the scheduler has been there.
        world.Clock.Advance(Nine.AddHours(2) - world.Now);
        Refused(ProblemKind.SessionEnded, await In(open));
        await world.PassTo(Nine.AddHours(2));
        Refused(ProblemKind.SessionEnded, await In(open));
        Assert.Equal(CreditLedger.Opening - 1, await world.Balance());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Fifty_at_once_against_ten_credits_are_exactly_ten(string kind)
    {
        await using var world = await World.New(kind);
        var students = await world.Class(50);
        await world.CreditsLeft(10);
        var answers = await Task.WhenAll(students.Select(student => Task.Run(() => world.Register.One(world.Manager, new NewRegistration { StudentId = student.Id, TestCode = Delivered }, null))));
        Assert.Equal(10, answers.Count(answer => !answer.Failed(out _)));
        Assert.All(answers.Where(answer => answer.Failed(out _)), answer => Assert.Equal("creditsExhausted", answer.Problem!.Code));
        Assert.Equal(0, await world.Balance());
        Assert.Equal(10, Good(await world.RegistrationList.Run(world.Manager, new RegistrationQuery(Limit: 200))).Items.Count);
        var ledger = Good(await world.Credits.List(world.Manager.OrganisationId, "", 200)).Items;
        Assert.Equal(Enumerable.Range(0, 10).Select(left => (long)left), ledger.Select(line => line.Balance));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_same_student_registered_many_times_at_once_costs_one_credit(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session();
        var students = await world.Class(30, "7b");
        var group = Good(await world.Groups.List(world.Manager.OrganisationId, "", "", 10)).Items[0].Id;
        var one = Enumerable.Range(0, 20).Select(number => Task.Run(async () => (object)await world.Register.One(world.Manager, new NewRegistration { StudentId = students[number % 4].Id, TestCode = Delivered }, null)));
        var many = Enumerable.Range(0, 4).Select(_ => Task.Run(async () => (object)Good(await world.Register.Many(world.Manager, new NewRegistrations { GroupId = group, TestCode = Delivered, SessionId = session.Id }, null))));
        await Task.WhenAll(one.Concat(many));
        Assert.Equal(CreditLedger.Opening - 30, await world.Balance());
        Assert.Equal(30, Good(await world.RegistrationList.Run(world.Manager, new RegistrationQuery(Limit: 200))).Items.Count);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_list_that_there_are_not_enough_credits_for_registers_nobody(string kind)
    {
        await using var world = await World.New(kind);
        var students = await world.Class(3);
        await world.CreditsLeft(2);
        var refused = Refused(ProblemKind.CreditsExhausted, await world.Register.Many(world.Manager, new NewRegistrations { StudentIds = [.. students.Select(student => student.Id)], TestCode = Delivered }, null));
        Assert.Equal("This needs 3 credits; 2 are left.", refused.Detail);
        Assert.Equal(2, await world.Balance());
        Assert.Empty(Good(await world.RegistrationList.Run(world.Manager, new RegistrationQuery())).Items);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Cancelling_gives_the_credit_back_once(string kind)
    {
        await using var world = await World.New(kind);
        var registered = await world.Registered(1, await world.Session());
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(async () => Good(await world.Registrations.CancelOne(world.Manager, registered.Id, null)))));
        Assert.Equal(CreditLedger.Opening, await world.Balance());
        Assert.Equal([CreditKind.Returned, CreditKind.Taken], Good(await world.Credits.List(world.Manager.OrganisationId, "", 50)).Items.Select(line => line.Kind));
        var again = await world.Registered(1);
        Assert.NotEqual(registered.Id, again.Id);
        Assert.Equal(RegistrationStatus.Cancelled, (await world.Registration(registered.Id)).Status);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Pages_of_registrations_follow_each_other_without_gap_or_repetition(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session();
        var students = await world.Class(25, "7b");
        Good(await world.Register.Many(world.Manager, new NewRegistrations { StudentIds = [.. students.Select(student => student.Id)], TestCode = Delivered, SessionId = session.Id }, null));
        foreach (var query in new[] { new RegistrationQuery(Limit: 7), new RegistrationQuery(SessionId: session.Id, Limit: 7), new RegistrationQuery(Search: "lund", Status: RegistrationStatus.Pending, Limit: 7) })
        {
            var seen = new List<string>();
            string? cursor = null;
            do
            {
                var page = Good(await world.RegistrationList.Run(world.Manager, query with { Cursor = cursor }));
                seen.AddRange(page.Items.Select(item => item.Student.ExternalId));
                cursor = page.Next;
            }
            while (cursor is not null);
            Assert.Equal(students.Select(student => student.ExternalId).Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
        }

        Refused(ProblemKind.Invalid, await world.RegistrationList.Run(world.Manager, new RegistrationQuery(Cursor: "x")));
    }
}
