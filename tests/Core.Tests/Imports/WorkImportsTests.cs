using System.Text;
using LiveProctor.Core.Imports;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Tests.UseCases;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.Imports.SessionsFile;

namespace LiveProctor.Core.Tests.Imports;

public sealed class WorkImportsTests
{
    private const int Many = 1_200;

    private static string File => Of(Enumerable.Range(1, Many).Select(number => Row($"Room {number}", "2026-11-23T09:00", "2026-11-23T11:00")));

    [Theory, ClassData(typeof(Databases))]
    public async Task A_worker_that_dies_is_followed_by_another_that_writes_no_row_twice(string database)
    {
        await using var scene = await ImportScene.New(database);
        var import = await scene.Preview(ImportKind.Sessions, File);
        World.Good(await scene.Applying.Run(scene.World.Manager, import.Id));
        using var dies = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Dying(dies).Run(dies.Token));

        var left = await scene.Now(import);
        Assert.Equal(ImportState.Applying, left.State);
        Assert.InRange(left.Done, 1, Many - 1);
        Assert.Equal(left.Done, await Sessions(scene));

        // The dead worker's lease keeps others away for a while.
        Assert.Equal(0, await scene.Work.Run());
        scene.World.Clock.Advance(WorkImports.LeaseLength);
        Assert.Equal(1, await scene.Work.Run());
        Assert.Equal((ImportState.Applied, Many), ((await scene.Now(import)).State, (int)await Sessions(scene)));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_stopped_import_keeps_what_was_written_and_says_which_rows_were_not(string database)
    {
        await using var scene = await ImportScene.New(database);
        var import = await scene.Preview(ImportKind.Sessions, File);
        World.Good(await scene.Applying.Run(scene.World.Manager, import.Id));
        using var dies = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Dying(dies).Run(dies.Token));

        World.Good(await scene.Cancelling.Run(scene.World.Manager, import.Id));
        scene.World.Clock.Advance(WorkImports.LeaseLength);
        Assert.Equal(0, await scene.Work.Run());

        var stopped = await scene.Now(import);
        var rows = await scene.Rows(stopped);
        Assert.Equal(ImportState.Cancelled, stopped.State);
        Assert.Equal(await Sessions(scene), rows.Count(row => row.Applied));
        var report = Encoding.UTF8.GetString(ImportFiles.Report(stopped, rows, xlsx: false)).Split("\r\n");
        Assert.Equal(Many, report.Count(line => line.Contains(",created,", StringComparison.Ordinal)) + report.Count(line => line.Contains("because the import was stopped", StringComparison.Ordinal)));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Two_workers_at_once_write_each_row_once(string database)
    {
        await using var scene = await ImportScene.New(database);
        var import = await scene.Preview(ImportKind.Sessions, File);
        World.Good(await scene.Applying.Run(scene.World.Manager, import.Id));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => new WorkImports(scene.Store, scene.World.Changes, scene.World.Clock).Run())));
        Assert.Equal((ImportState.Applied, Many), ((await scene.Now(import)).State, (int)await Sessions(scene)));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_same_file_sent_twice_at_once_makes_each_session_once(string database)
    {
        await using var scene = await ImportScene.New(database);
        var first = await scene.Preview(ImportKind.Sessions, File);
        var second = await scene.Preview(ImportKind.Sessions, File);
        World.Good(await scene.Applying.Run(scene.World.Manager, first.Id));
        World.Good(await scene.Applying.Run(scene.World.Manager, second.Id));

        // Each of them begins with another file.
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => new WorkImports(scene.Store, scene.World.Changes, scene.World.Clock).Run())));

        Assert.Equal([ImportState.Applied, ImportState.Applied], new[] { (await scene.Now(first)).State, (await scene.Now(second)).State });
        Assert.Equal(Many, await Sessions(scene));
        Assert.Equal((Many, Many), ((await scene.Now(first)).Counts.Create + (await scene.Now(second)).Counts.Create, (await scene.Now(first)).Counts.Same + (await scene.Now(second)).Counts.Same));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_file_that_is_discarded_while_it_is_read_is_judged_no_further(string database)
    {
        await using var scene = await ImportScene.New(database);
        var started = World.Good(await scene.Starting.Run(scene.World.Manager, ImportKind.Sessions, "x.csv", new ImportOptions { Tests = [World.Undelivered] }, Encoding.UTF8.GetBytes(File)));
        World.Refused(ProblemKind.ImportNotReady, await scene.Applying.Run(scene.World.Manager, started.Id));
        World.Good(await scene.Cancelling.Run(scene.World.Manager, started.Id));

        Assert.Equal(0, await scene.Work.Run());
        Assert.Equal(ImportState.Cancelled, (await scene.Now(started)).State);
        Assert.Empty(await scene.Rows(started));
        World.Refused(ProblemKind.ImportNotReady, await scene.Cancelling.Run(scene.World.Manager, started.Id));
        Assert.Equal(0, await scene.World.Db.Read(connection => Dapper.SqlMapper.QuerySingleAsync<long>(connection, "SELECT count(*) FROM import_files")));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Only_what_can_be_done_now_is_and_only_by_managers_of_the_organisation(string database)
    {
        await using var scene = await ImportScene.New(database);
        var file = Encoding.UTF8.GetBytes(Of(Row("Room", "2026-11-23T09:00", "2026-11-23T11:00")));
        World.Refused(ProblemKind.Forbidden, await scene.Starting.Run(scene.World.Ada, ImportKind.Sessions, "x.csv", new ImportOptions(), file));
        World.Refused(ProblemKind.Invalid, await scene.Starting.Run(scene.World.Manager, ImportKind.Sessions, "x.csv", new ImportOptions { TimeZone = "Mars/Olympus" }, file));
        World.Refused(ProblemKind.Invalid, await scene.Starting.Run(scene.World.Manager, ImportKind.Sessions, "x.csv", new ImportOptions { Tests = ["NONE"] }, file));
        World.Refused(ProblemKind.TooLarge, await scene.Starting.Run(scene.World.Manager, ImportKind.Sessions, "x.csv", new ImportOptions(), new byte[StartImport.LargestFile + 1]));

        var import = await scene.Preview(ImportKind.Sessions, file);
        World.Refused(ProblemKind.NotFound, await scene.Applying.Run(scene.World.Stranger, import.Id));
        World.Refused(ProblemKind.NotFound, await scene.Cancelling.Run(scene.World.Stranger, import.Id));
        World.Refused(ProblemKind.NotFound, await scene.Store.Find(scene.World.Stranger.OrganisationId, import.Id));
        await scene.Apply(import);
        World.Refused(ProblemKind.ImportNotReady, await scene.Applying.Run(scene.World.Manager, import.Id));
        World.Refused(ProblemKind.ImportNotReady, await scene.Cancelling.Run(scene.World.Manager, import.Id));

        for (var number = 0; number < 3; number++)
        {
            World.Good(await scene.Starting.Run(scene.World.Manager, ImportKind.Sessions, "x.csv", new ImportOptions(), file));
        }

        World.Refused(ProblemKind.ImportsRunning, await scene.Starting.Run(scene.World.Manager, ImportKind.Sessions, "x.csv", new ImportOptions(), file));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task What_is_old_is_forgotten(string database)
    {
        await using var scene = await ImportScene.New(database);
        var import = await scene.Preview(ImportKind.Sessions, Of(Row("Room", "2026-11-23T09:00", "2026-11-23T11:00")));
        await scene.Work.Forget();
        Assert.Single(await scene.Rows(import));
        scene.World.Clock.Advance(WorkImports.Kept + TimeSpan.FromDays(1));
        await scene.Work.Forget();
        Assert.Empty(await scene.Rows(import));
        World.Refused(ProblemKind.NotFound, await scene.Store.Find(scene.World.Manager.OrganisationId, import.Id));
    }

    private static Task<long> Sessions(ImportScene scene) => scene.World.Db.Read(connection => Dapper.SqlMapper.QuerySingleAsync<long>(connection, "SELECT count(*) FROM sessions"));
}
