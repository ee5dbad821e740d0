using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Groups;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Students;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>Students and groups.</summary>
public sealed class RosterTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task Groups_that_a_student_names_are_made_and_found_again_whatever_their_case(string kind)
    {
        await using var world = await World.New(kind);
        var create = new CreateStudent(world.Changes);
        var first = Good(await create.Run(world.Manager, new NewStudent { ExternalId = "1", GivenName = "Ada", Language = "ES", Groups = ["7b", " Chess ", "7B"] }, null));
        var second = Good(await create.Run(world.Manager, new NewStudent { ExternalId = "2", GivenName = "Bo", Groups = ["CHESS"] }, null));
        Assert.Equal(["7b", "Chess"], first.Groups);
        Assert.Equal(("Chess", "es"), (Assert.Single(second.Groups), first.Language));
        Assert.Equivalent(first, await world.Students.Find(world.Manager.OrganisationId, first.Id), strict: true);
        Assert.Equal([("7b", 1), ("Chess", 2)], Good(await world.Groups.List(world.Manager.OrganisationId, "", "", 10)).Items.Select(group => (group.Name, group.Size)));
        Assert.Equal(["1", "2"], Good(await world.Students.List(world.Manager.OrganisationId, "", "chess", "", 10)).Items.Select(student => student.ExternalId));
        Assert.Empty(Good(await world.Students.List(world.Stranger.OrganisationId, "", "chess", "", 10)).Items);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_student_is_changed_only_by_who_has_seen_the_latest(string kind)
    {
        await using var world = await World.New(kind);
        var edit = new EditStudent(world.Changes);
        var student = (await world.Class(2, "7b"))[0];
        var input = new NewStudent { ExternalId = "new id", GivenName = "Ida", Groups = ["8a"] };
        var edited = Good(await edit.Run(world.Manager, student.Id, input, 1));
        Assert.Equal(("new id", "Ida", "", 2, student.UserId), (edited.ExternalId, edited.GivenName, edited.FamilyName, edited.Version, edited.UserId));
        Assert.Equal(["8a"], edited.Groups);
        Assert.Equivalent(edited, await world.Students.Find(world.Manager.OrganisationId, student.Id), strict: true);
        Assert.Equal([("7b", 1), ("8a", 1)], Good(await world.Groups.List(world.Manager.OrganisationId, "", "", 10)).Items.Select(group => (group.Name, group.Size)));
        Refused(ProblemKind.Stale, await edit.Run(world.Manager, student.Id, input, 1));
        Refused(ProblemKind.NotFound, await edit.Run(world.Stranger, student.Id, input, 2));
        Refused(ProblemKind.Duplicate, await edit.Run(world.Manager, student.Id, input with { ExternalId = "c7b-00001" }, 2));
        Refused(ProblemKind.Invalid, await edit.Run(world.Manager, student.Id, input with { Language = "tlh" }, 2));
        Assert.Equal(["8a"], Good(await edit.Run(world.Manager, student.Id, input with { Groups = null }, 2)).Groups);
        var races = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => Task.Run(() => edit.Run(world.Manager, student.Id, input with { GivenName = $"Ida {number}" }, 3))));
        Assert.Single(races, race => !race.Failed(out _));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Who_is_taken_off_the_list_is_gone_but_what_was_done_stays(string kind)
    {
        await using var world = await World.New(kind);
        var delete = new DeleteStudent(world.Changes);
        var session = await world.Open();
        var student = await world.Known(1);
        var (pending, done) = (await world.Registered(1, test: Practice), await world.Registered(1, session));
        var place = await world.Join(session);
        Refused(ProblemKind.StudentBusy, await delete.Run(world.Manager, student.Id, student.Version));
        await world.Approve(place);
        Good(await world.Redeem.Run(world.Delivery, (await world.Token(place)).Token));
        await world.Report(place, ReportKind.Started);
        await world.Report(place, ReportKind.Submitted);
        Refused(ProblemKind.NotFound, await delete.Run(world.Stranger, student.Id, student.Version));
        Refused(ProblemKind.Stale, await delete.Run(world.Manager, student.Id, student.Version + 1));
        Good(await delete.Run(world.Manager, student.Id, student.Version));
        Assert.Null(await world.Students.Find(world.Manager.OrganisationId, student.Id));
        Assert.Equal(EntryState.Submitted, await world.State(place));
        Assert.Equal([RegistrationStatus.Cancelled, RegistrationStatus.Completed], [(await world.Registration(pending.Id)).Status, (await world.Registration(done.Id)).Status]);
        Assert.Equal(CreditLedger.Opening - 1, await world.Balance());
        Refused(ProblemKind.StudentUnknown, await world.JoinLobby.Run(await world.Ticket(await world.Open()), "192.0.2.1"));
        Refused(ProblemKind.Invalid, await world.Register.One(world.Manager, new NewRegistration { StudentId = student.Id, TestCode = Delivered }, null));
        var again = Good(await new CreateStudent(world.Changes).Run(world.Manager, new NewStudent { ExternalId = student.ExternalId, GivenName = "Other" }, null));
        Assert.NotEqual(student.UserId, again.UserId);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_group_has_the_students_that_it_was_given_and_no_foreign_ones(string kind)
    {
        await using var world = await World.New(kind);
        var students = await world.Class(3);
        var foreign = await world.Known(1, world.Stranger);
        var (create, edit, delete) = (new CreateGroup(world.Changes), new EditGroup(world.Changes), new DeleteGroup(world.Changes));
        NewGroup Of(string name, params string[] ids) => new() { Name = name, StudentIds = ids };
        Refused(ProblemKind.Invalid, await create.Run(world.Manager, Of("9c", students[0].Id, foreign.Id), null));
        var group = Good(await create.Run(world.Manager, Of("9c", students[0].Id, students[1].Id, students[0].Id), null));
        Assert.Equal(2, group.Size);
        Refused(ProblemKind.Duplicate, await create.Run(world.Manager, Of("9C"), null));
        Refused(ProblemKind.Invalid, await create.Run(world.Manager, Of(" "), null));
        var edited = Good(await edit.Run(world.Manager, group.Id, Of("9d", students[2].Id), 1));
        Assert.Equal(("9d", 1, 2), (edited.Name, edited.Size, edited.Version));
        Assert.Equal([students[2].ExternalId], Good(await world.Students.List(world.Manager.OrganisationId, "", group.Id, "", 10)).Items.Select(student => student.ExternalId));
        Refused(ProblemKind.Stale, await edit.Run(world.Manager, group.Id, Of("9e"), 1));
        Refused(ProblemKind.NotFound, await edit.Run(world.Stranger, group.Id, Of("9e"), 2));
        Refused(ProblemKind.NotFound, await world.Register.Many(world.Stranger, new NewRegistrations { GroupId = group.Id, TestCode = Delivered }, null));
        Assert.Equal(1, Good(await edit.Run(world.Manager, group.Id, new NewGroup { Name = "9e" }, 2)).Size);
        Refused(ProblemKind.NotFound, await delete.Run(world.Stranger, group.Id, 3));
        Good(await delete.Run(world.Manager, group.Id, 3));
        Assert.Empty(Good(await world.Students.List(world.Manager.OrganisationId, "", "9e", "", 10)).Items);
        Assert.Equal(3, Good(await world.Students.List(world.Manager.OrganisationId, "", "", "", 10)).Items.Count);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Classes_that_are_added_at_once_with_the_same_students_and_groups_do_not_stand_in_each_others_way(string kind)
    {
        await using var world = await World.New(kind);
        var classes = await Task.WhenAll(Enumerable.Range(0, 6).Select(turn => Task.Run(async () =>
        {
            var numbers = Enumerable.Range(0, 60);
            var students = (turn % 2 == 0 ? numbers : numbers.Reverse()).Select(number => StudentRules.Read(
                new NewStudent { ExternalId = $"X{number}", GivenName = "Kim", Groups = [$"g{number % 5}", $"g{(number + turn) % 5}"] }, Id.New(world.Now), world.Now).Value).ToList();
            return Good(await world.Changes.Run<List<Student>>(world.Manager, async change => (await StudentStore.Insert(change, world.Manager.OrganisationId, students)).ToList()));
        })));
        Assert.Equal(60, classes.Sum(added => added.Count));
        Assert.Equal(60, Good(await world.Students.List(world.Manager.OrganisationId, "", "", "", 200)).Items.Count);
        Assert.Equal(5, Good(await world.Groups.List(world.Manager.OrganisationId, "", "", 10)).Items.Count);
    }
}
