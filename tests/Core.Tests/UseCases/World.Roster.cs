using Dapper;
using LiveProctor.Core.Groups;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Students;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>The manager's part of the world: students, groups, registrations, credits.</summary>
internal sealed partial class World
{
    public StudentStore Students => new(Db);

    public GroupStore Groups => new(Db);

    public RegisterStudents Register => new(Changes);

    public ChangeRegistrations Registrations => new(Changes);

    public ListRegistrations RegistrationList => new(Db);

    public CreditLedger Credits => new(Db);

    /// <summary>The student of this number, put on the list when new.</summary>
    public async Task<Student> Known(int number, Actor? by = null)
    {
        var (id, _) = await StudentOf(number, by);
        return Good(await Students.List((by ?? Manager).OrganisationId, id, "", "", 10)).Items.Single(student => student.ExternalId == id);
    }

    /// <summary>Many new students at once, without detours.</summary>
    public async Task<IReadOnlyList<Student>> Class(int size, string group = "", Actor? by = null)
    {
        by ??= Manager;
        var students = Enumerable.Range(0, size).Select(number => StudentRules.Read(
            new NewStudent { ExternalId = $"C{group}-{number:00000}", GivenName = "Kim", FamilyName = $"Lund{number}", Groups = group.Length == 0 ? [] : [group] }, Id.New(Now), Now).Value).ToList();
        return Good(await Changes.Run<IReadOnlyList<Student>>(by, async change => (await StudentStore.Insert(change, by.OrganisationId, students)).ToList()));
    }

    /// <summary>Registers the student of a number to a test.</summary>
    public async Task<RegistrationView> Registered(int student, SessionView? session = null, string test = Delivered, Dictionary<string, string?>? settings = null) => Good(
        await Register.One(Manager, new NewRegistration { StudentId = (await Known(student)).Id, TestCode = test, SessionId = session?.Id, Settings = settings }, null));

    /// <summary>The registration as it is now.</summary>
    public async Task<RegistrationView> Registration(string id) => (await RegistrationList.Find(Manager, id))!;

    /// <summary>What the organisation has left.</summary>
    public async Task<long> Balance() => Good(await Credits.List(Manager.OrganisationId, "", 1)).Balance;

    /// <summary>Leaves the organisation so many credits.</summary>
    public Task CreditsLeft(long credits) => Db.Write(async (connection, transaction) =>
    {
        await connection.ExecuteAsync("UPDATE organisations SET credits = @credits WHERE id = @id", new { credits, id = Manager.OrganisationId }, transaction);
        return (0, Commit: true);
    });
}
