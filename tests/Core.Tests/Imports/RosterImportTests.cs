using System.Text;
using LiveProctor.Core.Imports;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Students;
using LiveProctor.Core.Tests.UseCases;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Imports;

public sealed class RosterImportTests
{
    private static readonly ImportOptions Plain = new();

    [Theory, ClassData(typeof(Databases))]
    public async Task Students_are_made_changed_and_left_alone(string database)
    {
        await using var scene = await ImportScene.New(database);
        const string first = "external_id,given_name,family_name,email,language,groups,settings\n1,Mia,Berg,mia@s.example,es,7a;Chess,fontSize=large\n2,Tom,,,,7a,\n";
        Assert.Equal(new ImportCounts(2, 0, 0, 0), (await scene.Import(ImportKind.Students, first)).Counts);
        Assert.Equal(new ImportCounts(0, 0, 2, 0), (await scene.Import(ImportKind.Students, first)).Counts);

        var edited = await scene.Import(ImportKind.Students, "external_id,given_name,email,groups\n1,Mia,-,\n2,Thomas,tom@s.example,7b\n3,,x@s.example,\n4,Kim,no address,\n1,Again,,\n");
        Assert.Equal(new ImportCounts(0, 2, 0, 3), edited.Counts);
        var rows = await scene.Rows(edited);
        Assert.Equal(["email: mia@s.example → "], rows[0].Changes.Select(change => $"{change.Field}: {change.From} → {change.To}"));
        Assert.Equal(["givenName", "email", "groups"], rows[1].Changes.Select(change => change.Field));
        Assert.Contains("Row 2 of the file", rows[4].Wrong[0], StringComparison.Ordinal);

        var students = await Students(scene);
        Assert.Equal(("Mia", "Berg", null, "es"), (students["1"].GivenName, students["1"].FamilyName, students["1"].Email, students["1"].Language));
        Assert.Equal(["7a", "Chess"], students["1"].Groups);
        Assert.Equal("large", students["1"].Settings["fontSize"]);
        Assert.Equal(("Thomas", "7b"), (students["2"].GivenName, Assert.Single(students["2"].Groups)));
        Assert.Equal(2, students.Count);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_row_tells_whom_it_made_once_it_has_and_what_hindered_it_otherwise(string database)
    {
        await using var scene = await ImportScene.New(database);
        await scene.Import(ImportKind.Students, "external_id,given_name\n3,Kim\n4,Eva\n");
        var previewed = await scene.Preview(ImportKind.Students, "external_id,given_name\n1,Mia\n2,Tom\n3,Kimberly\n4,Evelyn\n5,Lea\n");
        Assert.Equal([false, false, true, true, false], (await scene.Rows(previewed)).Select(row => row.SubjectId is not null));
        Assert.DoesNotContain(await scene.Rows(previewed), row => row.Applied);

        // Two rows that cannot come true any more, among others that do.
        World.Good(await new CreateStudent(scene.World.Changes).Run(scene.World.Manager, new NewStudent { ExternalId = "2", GivenName = "Thomas" }, once: null));
        var eva = (await Students(scene))["4"];
        World.Good(await new EditStudent(scene.World.Changes).Run(scene.World.Manager, eva.Id, new NewStudent { ExternalId = "4", GivenName = "Ewa" }, eva.Version));
        var applied = await scene.Apply(previewed);

        Assert.Equal(new ImportCounts(2, 1, 0, 2), applied.Counts);
        var rows = await scene.Rows(applied);
        var students = await Students(scene);
        Assert.All(rows, row => Assert.True(row.Applied));
        Assert.Equal([RowOutcome.Create, RowOutcome.Reject, RowOutcome.Update, RowOutcome.Reject, RowOutcome.Create], rows.Select(row => row.Outcome));
        Assert.Equal([students["1"].Id, null, students["3"].Id, null, students["5"].Id], rows.Select(row => row.SubjectId));
        Assert.All([rows[1], rows[3]], row => Assert.Contains("after the preview", Assert.Single(row.Wrong), StringComparison.Ordinal));
        Assert.Equal(["Mia", "Thomas", "Kimberly", "Ewa", "Lea"], students.Values.OrderBy(student => student.ExternalId).Select(student => student.GivenName));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Groups_get_members_and_lose_none(string database)
    {
        await using var scene = await ImportScene.New(database);
        await scene.Import(ImportKind.Students, "external_id,given_name,groups\n1,Mia,7a\n2,Tom,\n");
        var applied = await scene.Import(ImportKind.Groups, "group,external_id\n7a,2\n7A,1\nChess,1\nChess,9\n,1\n");

        Assert.Equal(new ImportCounts(2, 0, 1, 2), applied.Counts);
        var students = await Students(scene);
        Assert.Equal(["7a", "Chess"], students["1"].Groups);
        Assert.Equal(["7a"], students["2"].Groups);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Registrations_are_made_once_and_moved_only_where_that_was_chosen(string database)
    {
        await using var scene = await ImportScene.New(database);
        await scene.Import(ImportKind.Students, "external_id,given_name\n1,Mia\n2,Tom\n3,Kim\n");
        var algebra = await Session(scene, "Algebra");
        var biology = await Session(scene, "Biology");
        var code = World.Delivered;
        var file = $"external_id,test_code,session\n1,{code},Algebra\n2,{code.ToLowerInvariant()},{biology.JoinId}\n3,{code},\n9,{code},\n1,NONE,\n3,{World.Practice},Algebra\n2,{World.Practice},Nowhere\n";

        var applied = await scene.Import(ImportKind.Registrations, file);
        Assert.Equal(new ImportCounts(3, 0, 0, 4), applied.Counts);
        string[] reasons = ["no student", "no test", "does not have this test", "no session called"];
        Assert.All((await scene.Rows(applied)).Skip(3).Zip(reasons), pair => Assert.Contains(pair.Second, pair.First.Wrong[0], StringComparison.Ordinal));
        Assert.Equal(new ImportCounts(0, 0, 3, 4), (await scene.Import(ImportKind.Registrations, file)).Counts);

        var other = $"external_id,test_code,session\n1,{code},Biology\n2,{code},\n3,{code},Biology\n";
        Assert.Equal(new ImportCounts(0, 1, 1, 1), (await scene.Import(ImportKind.Registrations, other)).Counts);
        var moved = await scene.Import(ImportKind.Registrations, other, Plain with { Move = true });
        Assert.Equal(new ImportCounts(0, 1, 2, 0), moved.Counts);
        Assert.Equal("session: Algebra → Biology", string.Concat((await scene.Rows(moved))[0].Changes.Select(change => $"{change.Field}: {change.From} → {change.To}")));
        Assert.Equal(0, await Count(scene, algebra.Id));
        Assert.Equal(3, await Count(scene, biology.Id));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Where_credits_end_the_rows_before_still_count(string database)
    {
        await using var scene = await ImportScene.New(database);
        await scene.Import(ImportKind.Students, "external_id,given_name\n1,Mia\n2,Tom\n3,Kim\n");
        await scene.World.Db.Write(async (connection, transaction) =>
            (await Dapper.SqlMapper.ExecuteAsync(connection, "UPDATE organisations SET credits = 2 WHERE id = @id", new { id = scene.World.Manager.OrganisationId }, transaction), Commit: true));

        var applied = await scene.Import(ImportKind.Registrations, $"external_id,test_code\n1,{World.Delivered}\n2,{World.Delivered}\n3,{World.Delivered}\n");
        Assert.Equal(new ImportCounts(2, 0, 0, 1), applied.Counts);
        Assert.Contains("no credit", (await scene.Rows(applied))[2].Wrong[0], StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task OneRoster_of_both_versions_gives_students_and_their_classes(string database)
    {
        await using var scene = await ImportScene.New(database);
        Assert.Equal(new ImportCounts(2, 0, 6, 0), (await Import(scene, OneRoster("1.1"))).Counts);
        Assert.Equal(new ImportCounts(0, 0, 8, 0), (await Import(scene, OneRoster("1.2"))).Counts);

        var students = await Students(scene);
        Assert.Equal(["1001", "u2"], students.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("Mia", "Berg", "mia@s.example"), (students["1001"].GivenName, students["1001"].FamilyName, students["1001"].Email));
        Assert.Equal(["Algebra (North High)", "Biology"], students["1001"].Groups);
        Assert.Equal(["Algebra (South High)"], students["u2"].Groups);

        var failed = await scene.Preview(ImportKind.OneRoster, ReadingTests.Zip(("manifest.csv", "propertyName,value\noneroster.version,2.0\n")), Plain);
        Assert.Contains("2.0", failed.Problem!.Detail, StringComparison.Ordinal);
    }

    private static async Task<Import> Import(ImportScene scene, byte[] zip)
    {
        var previewed = await scene.Preview(ImportKind.OneRoster, zip, Plain);
        Assert.True(previewed.State == ImportState.Previewed, previewed.Problem?.Detail);
        return await scene.Apply(previewed);
    }

    private static byte[] OneRoster(string version)
    {
        var old = version == "1.1";
        string[] users = ["u1,active,true,{0}mia,Mia,Berg,1001,mia@s.example", "u2,active,true,{0}tom,Tom,Alt,,", "u3,active,true,{1}eva,Eva,Teacher,9001,", "u4,tobedeleted,true,{0}kim,Kim,Gone,,", "u5,active,false,{0}leo,Leo,Off,,"];
        var header = $"sourcedId,status,enabledUser,{(old ? "orgSourcedIds,role," : "")}username,givenName,familyName,identifier,email\n";
        var table = header + string.Concat(users.Select(user => string.Format(System.Globalization.CultureInfo.InvariantCulture, user, old ? "o1,student," : "", old ? "o1,teacher," : "") + "\n"));
        var files = new List<(string, string)>
        {
            ("manifest.csv", $"propertyName,value\nmanifest.version,1.0\noneroster.version,{version}\nfile.users,bulk\nfile.classes,bulk\nfile.orgs,bulk\nfile.enrollments,bulk\n"),
            ("users.csv", table),
            ("orgs.csv", "sourcedId,status,name,type\no1,active,North High,school\no2,active,South High,school\n"),
            ("classes.csv", "sourcedId,status,title,classCode,schoolSourcedId\nc1,active,Algebra,ALG,o1\nc2,active,Algebra,ALG,o2\nc3,active,Biology,BIO,o1\n"),
            ("enrollments.csv", "sourcedId,status,classSourcedId,schoolSourcedId,userSourcedId,role\ne1,active,c1,o1,u1,student\ne2,active,c3,o1,u1,student\ne3,active,c2,o2,u2,student\ne4,active,c1,o1,u3,teacher\ne5,tobedeleted,c3,o1,u2,student\n"),
        };
        if (!old)
        {
            files.Add(("roles.csv", "sourcedId,status,userSourcedId,roleType,role,orgSourcedId\nr1,active,u1,primary,student,o1\nr2,active,u2,primary,student,o1\nr3,active,u3,primary,teacher,o1\nr4,active,u4,primary,student,o1\nr5,active,u5,primary,student,o1\n"));
        }

        return ReadingTests.Zip(files);
    }

    private static async Task<SessionView> Session(ImportScene scene, string name) =>
        await scene.World.Session(form => form with { Name = name, OpensAt = "2026-11-23T09:00:00Z", ClosesAt = "2026-11-23T11:00:00Z" });

    private static async Task<Dictionary<string, Student>> Students(ImportScene scene) =>
        World.Good(await new StudentStore(scene.World.Db).List(scene.World.Manager.OrganisationId, "", "", null, 200)).Items.ToDictionary(student => student.ExternalId, StringComparer.Ordinal);

    private static Task<long> Count(ImportScene scene, string sessionId) => scene.World.Db.Read(connection =>
        Dapper.SqlMapper.QuerySingleAsync<long>(connection, "SELECT count(*) FROM registrations WHERE session_id = @sessionId AND status = 'Pending'", new { sessionId }));
}
