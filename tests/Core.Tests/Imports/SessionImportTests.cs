using LiveProctor.Core.Imports;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Tests.UseCases;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.Imports.SessionsFile;

namespace LiveProctor.Core.Tests.Imports;

public sealed class SessionImportTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task Rows_become_sessions_and_the_same_file_again_changes_nothing(string database)
    {
        await using var scene = await ImportScene.New(database);
        var file = Of(Row("Algebra", "2026-11-23T09:00", "2026-11-23T11:00", "sesame"), Row("Biology", "2026-11-23T09:00", "2026-11-24T11:00"));
        var options = new ImportOptions { TimeZone = "Europe/Madrid", Tests = [World.Undelivered], Mode = SessionMode.Remote };

        var previewed = await scene.Preview(ImportKind.Sessions, file, options);
        Assert.Equal((2, 2), (previewed.Rows, previewed.Counts.Create));
        Assert.Empty(await Sessions(scene));

        var applied = await scene.Apply(previewed);
        Assert.Equal(new ImportCounts(2, 0, 0, 0), applied.Counts);
        var algebra = await Named(scene, "Algebra");
        Assert.Equal(
            (DateTimeOffset.Parse("2026-11-23T08:00Z", System.Globalization.CultureInfo.InvariantCulture), "sesame", "Europe/Madrid", SessionMode.Remote),
            (algebra.OpensAt, algebra.Code, algebra.TimeZone, algebra.Mode));
        Assert.Null((await Named(scene, "Biology")).Code);
        Assert.All(await scene.Rows(applied), row => Assert.True(row.Applied && row.SubjectId is not null));

        var again = await scene.Import(ImportKind.Sessions, file, options);
        Assert.Equal(new ImportCounts(0, 0, 2, 0), again.Counts);
        Assert.Equal(1, (await Named(scene, "Algebra")).Version);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_row_with_the_name_of_a_session_changes_its_times_and_code_and_nothing_else(string database)
    {
        await using var scene = await ImportScene.New(database);
        var before = await scene.World.Session(form => form with { Name = "Algebra", Capacity = 20, Note = "Bring a pen", OpensAt = "2026-11-23T09:00:00Z", ClosesAt = "2026-11-23T11:00:00Z", Code = "sesame" });

        var applied = await scene.Import(ImportKind.Sessions, Of(Row("ALGEBRA ", "2026-11-23T10:00", "2026-11-23T12:00")));

        Assert.Equal(new ImportCounts(0, 1, 0, 0), applied.Counts);
        var after = await scene.World.SessionNow(before.Id);
        Assert.Equal(("Algebra", "sesame", 20, "Bring a pen"), (after.Name, after.Code, after.Capacity, after.Note));
        Assert.Equal((10, 12, 2L), (after.OpensAt.Hour, after.ClosesAt.Hour, after.ScheduleVersion));
        Assert.Equal(["opensAt", "closesAt"], (await scene.Rows(applied))[0].Changes.Select(change => change.Field));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Each_row_that_cannot_be_taken_says_why_under_its_own_number(string database)
    {
        await using var scene = await ImportScene.New(database);
        await scene.World.Open(form => form with { Name = "Running", ClosesAt = "2026-11-24T11:00:00Z" });
        await scene.World.Session(form => form with { Name = "Twin", OpensAt = "2026-11-24T09:00:00Z", ClosesAt = "2026-11-24T11:00:00Z" });
        await scene.World.Session(form => form with { Name = "twin", OpensAt = "2026-11-24T09:00:00Z", ClosesAt = "2026-11-24T11:00:00Z" });
        var file = Of(
            Row("Good", "2026-11-23T09:00", "2026-11-23T11:00"),
            "",
            Row("Backwards", "2026-11-23T11:00", "2026-11-23T09:00"),
            Row("Over", "2020-11-23T09:00", "2020-11-23T11:00"),
            Row("Short code", "2026-11-23T09:00", "2026-11-23T11:00", "abc"),
            Row("", "2026-11-23T09:00", "2026-11-23T11:00"),
            Row("good", "2026-11-25T09:00", "2026-11-25T11:00"),
            Row("Running", "2026-11-22T09:00", "2026-11-24T11:00"),
            Row("Twin", "2026-11-24T09:00", "2026-11-24T12:00"),
            "Thirtieth of February,,30,2,2027,9,0,30,2,2027,11,0",
            "No time,,x,2,2027,9,0,28,2,2027,11,0");

        var applied = await scene.Import(ImportKind.Sessions, file);

        Assert.Equal(new ImportCounts(1, 0, 0, 9), applied.Counts);
        var rows = await scene.Rows(applied);
        Assert.Equal([2L, 4, 5, 6, 7, 8, 9, 10, 11, 12], rows.Select(row => row.Line));
        string[] reasons = ["must be after", "have ended", "4 to 32", "name of 1 to 120", "Row 2 of the file", "only its end can change", "2 sessions are called", "does not exist", "not a time"];
        Assert.All(rows.Skip(1).Zip(reasons), pair => Assert.Contains(pair.Second, pair.First.Wrong[0], StringComparison.Ordinal));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Whoever_changes_a_session_after_the_preview_is_not_overwritten(string database)
    {
        await using var scene = await ImportScene.New(database);
        var edited = await scene.World.Session(form => form with { Name = "Edited", OpensAt = "2026-11-23T09:00:00Z", ClosesAt = "2026-11-23T11:00:00Z" });
        var same = await scene.World.Session(form => form with { Name = "Same", OpensAt = "2026-11-23T09:00:00Z", ClosesAt = "2026-11-23T11:00:00Z" });
        var previewed = await scene.Preview(ImportKind.Sessions, Of(
            Row("Edited", "2026-11-23T10:00", "2026-11-23T12:00"), Row("Same", "2026-11-23T09:00", "2026-11-23T11:00"), Row("Made meanwhile", "2026-11-23T10:00", "2026-11-23T12:00")));
        Assert.Equal(new ImportCounts(1, 1, 1, 0), previewed.Counts);

        await Move(scene, edited, "2026-11-25T09:00:00Z", "2026-11-25T11:00:00Z");
        await Move(scene, same, "2026-11-25T09:00:00Z", "2026-11-25T11:00:00Z");
        await scene.World.Session(form => form with { Name = "Made meanwhile", OpensAt = "2026-11-26T09:00:00Z", ClosesAt = "2026-11-26T11:00:00Z" });
        var applied = await scene.Apply(previewed);

        Assert.Equal(new ImportCounts(0, 0, 0, 3), applied.Counts);
        Assert.All(await scene.Rows(applied), row => Assert.Contains("after the preview", Assert.Single(row.Wrong), StringComparison.Ordinal));
        Assert.Equal(25, (await scene.World.SessionNow(edited.Id)).OpensAt.Day);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_time_that_the_clocks_leave_out_is_rejected_and_one_that_comes_twice_is_the_first(string database)
    {
        await using var scene = await ImportScene.New(database);
        var applied = await scene.Import(
            ImportKind.Sessions,
            Of(Row("Left out", "2027-03-28T02:30", "2027-03-28T11:00"), Row("Twice", "2027-10-31T02:30", "2027-10-31T11:00")),
            new ImportOptions { TimeZone = "Europe/Madrid", Tests = [World.Undelivered] });

        var rows = await scene.Rows(applied);
        Assert.Contains("go forward", Assert.Single(rows[0].Wrong), StringComparison.Ordinal);
        Assert.Contains("the first is taken", Assert.Single(rows[1].Remarks), StringComparison.Ordinal);
        Assert.Equal(new DateTimeOffset(2027, 10, 31, 0, 30, 0, TimeSpan.Zero), (await Named(scene, "Twice")).OpensAt);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_session_over_a_change_of_clocks_is_as_long_as_its_times_say_and_the_same_file_again_changes_nothing(string database)
    {
        await using var scene = await ImportScene.New(database);
        var options = new ImportOptions { TimeZone = "Europe/Madrid", Tests = [World.Undelivered] };
        var file = Of(
            Row("Spring", "2027-03-28T01:30", "2027-03-28T03:30"), Row("Autumn", "2027-10-31T01:30", "2027-10-31T03:30"), Row("Ends twice", "2027-10-31T01:30", "2027-10-31T02:30"));
        Assert.Equal(new ImportCounts(3, 0, 0, 0), (await scene.Import(ImportKind.Sessions, file, options)).Counts);
        Assert.Equal(new ImportCounts(0, 0, 3, 0), (await scene.Import(ImportKind.Sessions, file, options)).Counts);
        Assert.Equal([1.0, 3.0, 1.0], (await Sessions(scene)).OrderBy(session => session.Name[0] == 'S' ? 0 : session.Name[0] == 'A' ? 1 : 2).Select(session => (session.ClosesAt - session.OpensAt).TotalHours));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_beginning_that_reads_the_same_stays_to_the_second_when_the_end_moves(string database)
    {
        await using var scene = await ImportScene.New(database);
        var open = await scene.World.Open(form => form with { Name = "Jos\u00e9", OpensAt = "2026-11-21T08:59:30Z", ClosesAt = "2026-11-21T11:00:00Z" });
        var night = await scene.World.Session(form => form with { Name = "Night", OpensAt = "2027-10-31T01:30:00Z", ClosesAt = "2027-10-31T05:00:00Z", TimeZone = "Europe/Madrid" });

        var file = Of(Row("Jose\u0301", "2026-11-21T09:59", "2026-11-21T13:00"), Row("Night", "2027-10-31T02:30", "2027-10-31T07:00"));
        var applied = await scene.Import(ImportKind.Sessions, file, new ImportOptions { TimeZone = "Europe/Madrid", Tests = [World.Undelivered] });

        Assert.Equal(new ImportCounts(0, 2, 0, 0), applied.Counts);
        Assert.All(await scene.Rows(applied), row => Assert.Equal("closesAt", Assert.Single(row.Changes).Field));
        Assert.Equal((30, 12), ((await scene.World.SessionNow(open.Id)).OpensAt.Second, (await scene.World.SessionNow(open.Id)).ClosesAt.Hour));
        Assert.Equal((1, 6), ((await scene.World.SessionNow(night.Id)).OpensAt.Hour, (await scene.World.SessionNow(night.Id)).ClosesAt.Hour));
    }

    private static async Task Move(ImportScene scene, SessionView session, string opens, string closes) => World.Good(await scene.World.Edit.Run(
        scene.World.Manager, session.Id, scene.World.Form with { Name = session.Name, OpensAt = opens, ClosesAt = closes }, session.Version));

    private static Task<IReadOnlyList<Session>> Sessions(ImportScene scene) => scene.World.Db.Read(async connection =>
        (IReadOnlyList<Session>)[.. (await Dapper.SqlMapper.QueryAsync<string>(connection, "SELECT document FROM sessions")).Select(Json.Read<Session>)]);

    private static async Task<Session> Named(ImportScene scene, string name) => (await Sessions(scene)).Single(session => session.Name == name);
}
