using LiveProctor.Core.Imports;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Students;
using LiveProctor.Core.Tests.UseCases;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Imports;

/// <summary>What OneRoster's bulk and delta files take away.</summary>
public sealed class OneRosterTests
{
    private static readonly string[] Two = ["u1,active,Mia,student", "u2,active,Tom,student"];
    private static readonly string[] Classes = ["c1,active,Algebra", "c2,active,Biology"];
    private static readonly string[] All = ["c1,u1,student,", "c2,u1,student,", "c1,u2,student,"];

    [Theory, ClassData(typeof(Databases))]
    public async Task Who_is_not_enrolled_in_a_bulk_file_leaves_the_class_whether_or_not_the_file_knows_them(string database)
    {
        await using var scene = await ImportScene.New(database);
        await scene.Import(ImportKind.Students, "external_id,given_name,groups\nold,Kim,Algebra;Chess\n");
        await Import(scene, "delta", Two, Classes, All);

        var previewed = await Preview(scene, "bulk", Two, Classes, ["c1,u1,student,", "c2,u1,teacher,"]);
        Assert.Equal(new ImportCounts(0, 0, 2, 0, 2), previewed.Counts);
        var algebra = (await scene.Rows(previewed)).Single(row => row.Subject == "Algebra");
        Assert.Equal((RowOutcome.Remove, "members", "3", "1"), (algebra.Outcome, algebra.Changes[0].Field, algebra.Changes[0].From, algebra.Changes[0].To));
        Assert.Equal("Leave the group: old Kim, u2 Tom.", Assert.Single(algebra.Remarks));
        Assert.Equal(["Algebra"], (await Students(scene))["u2"].Groups);

        var applied = await scene.Apply(previewed);
        Assert.Equal((ImportState.Applied, new ImportCounts(0, 0, 2, 0, 2)), (applied.State, applied.Counts));
        var students = await Students(scene);
        Assert.Equal(["Algebra"], students["u1"].Groups);
        Assert.Empty(students["u2"].Groups);
        Assert.Equal(["Chess"], students["old"].Groups);
        Assert.Equal(0, (await Import(scene, "bulk", Two, Classes, ["c1,u1,student,"])).Counts.Remove);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_delta_file_ends_what_it_marks_to_be_deleted_and_nothing_else(string database)
    {
        await using var scene = await ImportScene.New(database);
        await Import(scene, "bulk", Two, Classes, All);

        Assert.Equal(new ImportCounts(0, 0, 2, 0, 0), (await Import(scene, "delta", Two, Classes, [])).Counts);
        Assert.Equal(1, (await Import(scene, "delta", Two, Classes, ["c1,u2,student,tobedeleted", "c2,u1,student,tobedeleted", "c2,u1,student,active"])).Counts.Remove);
        var students = await Students(scene);
        Assert.Equal(["Algebra", "Biology"], students["u1"].Groups);
        Assert.Empty(students["u2"].Groups);

        Assert.Equal(1, (await Import(scene, "delta", Two, ["c1,tobedeleted,Algebra"], [])).Counts.Remove);
        Assert.Equal(["Biology"], (await Students(scene))["u1"].Groups);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_user_marked_to_be_deleted_is_taken_off_the_list_but_who_has_started_only_leaves_the_classes(string database)
    {
        await using var scene = await ImportScene.New(database);
        await Import(scene, "bulk", Two, Classes, All);
        await scene.Import(ImportKind.Registrations, $"external_id,test_code\nu1,{World.Delivered}\nu2,{World.Delivered}\n");
        await scene.World.Db.Write(async (connection, transaction) => (await Dapper.SqlMapper.ExecuteAsync(
            connection, "UPDATE registrations SET status = 'Started' WHERE student_id = (SELECT id FROM students WHERE external_id = 'u2')", null, transaction), Commit: true));
        var balance = await scene.World.Balance();

        var previewed = await Preview(scene, "delta", ["u1,tobedeleted,Mia,student", "u2,tobedeleted,Tom,student", "u3,tobedeleted,Eva,teacher", "u4,tobedeleted,Nobody,student"], Classes, []);
        Assert.Equal(new ImportCounts(0, 0, 2, 0, 2), previewed.Counts);
        var rows = await scene.Rows(previewed);
        Assert.Contains("credits come back", Assert.Single(rows[0].Remarks), StringComparison.Ordinal);
        Assert.Contains("only the groups", Assert.Single(rows[1].Remarks), StringComparison.Ordinal);
        Assert.Contains("teacher", Assert.Single(rows[2].Remarks), StringComparison.Ordinal);
        Assert.Equal(2, (await Students(scene)).Count);

        Assert.Equal(new ImportCounts(0, 0, 2, 0, 2), (await scene.Apply(previewed)).Counts);
        Assert.Equal("u2", Assert.Single(await Students(scene)).Key);
        Assert.Empty((await Students(scene))["u2"].Groups);
        Assert.Equal(balance + 1, await scene.World.Balance());
        Assert.Single(await scene.World.Recorded("studentDeleted"));
        Assert.Equal(RegistrationStatus.Started, Enum.Parse<RegistrationStatus>(await scene.World.Db.Read(connection => Dapper.SqlMapper.QuerySingleAsync<string>(
            connection, "SELECT status FROM registrations WHERE student_id = (SELECT id FROM students WHERE external_id = 'u2')"))));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Nobody_is_taken_away_whom_the_preview_did_not_name(string database)
    {
        await using var scene = await ImportScene.New(database);
        await Import(scene, "bulk", Two, Classes, All);
        var previewed = await Preview(scene, "bulk", Two, Classes, ["c1,u1,student,", "c2,u1,student,"]);
        Assert.Equal(1, previewed.Counts.Remove);

        await scene.Import(ImportKind.Students, "external_id,given_name,groups\nnew,Kim,Algebra\n");
        var applied = await scene.Apply(previewed);

        Assert.Equal(new ImportCounts(0, 0, 3, 1, 0), applied.Counts);
        Assert.Contains("after the preview", (await scene.Rows(applied)).Single(row => row.Outcome == RowOutcome.Reject).Wrong[0], StringComparison.Ordinal);
        Assert.Equal(["Algebra"], (await Students(scene))["u2"].Groups);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_class_whose_bulk_enrollments_name_users_that_the_file_does_not_hold_loses_nobody(string database)
    {
        await using var scene = await ImportScene.New(database);
        await Import(scene, "bulk", Two, Classes, All);
        Assert.Equal(0, (await Import(scene, "bulk", Two, Classes, ["c1,u9,student,", "c2,u1,student,"])).Counts.Remove);
        Assert.Equal(["Algebra", "Biology"], (await Students(scene))["u1"].Groups);
    }

    private static async Task<Import> Import(ImportScene scene, string mode, string[] users, string[] classes, string[] enrollments) =>
        await scene.Apply(await Preview(scene, mode, users, classes, enrollments));

    private static async Task<Import> Preview(ImportScene scene, string mode, string[] users, string[] classes, string[] enrollments)
    {
        var zip = ReadingTests.Zip(
            ("manifest.csv", $"propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.users,{mode}\nfile.classes,{mode}\nfile.enrollments,{mode}\nfile.orgs,absent\n"),
            ("users.csv", Lines("sourcedId,status,givenName,role,enabledUser,familyName", users.Select(user => $"{user},true,"))),
            ("classes.csv", Lines("sourcedId,status,title", classes)),
            ("enrollments.csv", Lines("classSourcedId,userSourcedId,role,status", enrollments)));
        var previewed = await scene.Preview(ImportKind.OneRoster, zip, new ImportOptions());
        Assert.True(previewed.State == ImportState.Previewed, previewed.Problem?.Detail);
        return previewed;
    }

    private static string Lines(string header, IEnumerable<string> lines) => string.Join('\n', lines.Prepend(header)) + "\n";

    private static async Task<Dictionary<string, Student>> Students(ImportScene scene) =>
        World.Good(await scene.World.Students.List(scene.World.Manager.OrganisationId, "", "", null, 200)).Items.ToDictionary(student => student.ExternalId, StringComparer.Ordinal);
}
