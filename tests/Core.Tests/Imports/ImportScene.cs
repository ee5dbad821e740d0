using System.Text;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Imports;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Tests.UseCases;
using Xunit;

namespace LiveProctor.Core.Tests.Imports;

/// <summary>A world in which files are imported.</summary>
internal sealed class ImportScene : IAsyncDisposable
{
    private readonly ImportPoke poke = new();

    private ImportScene(World world)
    {
        World = world;
        Store = new ImportStore(world.Db);
        Work = new WorkImports(Store, world.Changes, world.Clock);
    }

    public World World { get; }

    public ImportStore Store { get; }

    public WorkImports Work { get; }

    public static async Task<ImportScene> New(string kind) => In(await World.New(kind));

    /// <summary>Imports into a world that there is; it is not the scene's to dispose.</summary>
    public static ImportScene In(World world) => new(world);

    public async ValueTask DisposeAsync()
    {
        poke.Dispose();
        await World.DisposeAsync();
    }

    /// <summary>A worker that is stopped with its first commit of which somebody is told.</summary>
    public WorkImports Dying(CancellationTokenSource dies) => new(Store, new Changes(World.Db, new LastWords(World.Relay, dies), World.Board, World.Clock), World.Clock);

    public StartImport Starting => new(World.Changes, poke);

    public ApplyImport Applying => new(World.Changes, poke);

    public CancelImport Cancelling => new(World.Changes);

    /// <summary>Sends a file and has it read.</summary>
    public Task<Import> Preview(ImportKind kind, string csv, ImportOptions? options = null) => Preview(kind, Encoding.UTF8.GetBytes(csv), options);

    public async Task<Import> Preview(ImportKind kind, byte[] file, ImportOptions? options = null)
    {
        var started = World.Good(await Starting.Run(World.Manager, kind, "list.csv", options ?? new ImportOptions { Tests = [World.Undelivered] }, file));
        await Work.Run();
        return await Now(started);
    }

    /// <summary>Lets a preview happen.</summary>
    public async Task<Import> Apply(Import import, bool? notify = null)
    {
        World.Good(await Applying.Run(World.Manager, import.Id, notify));
        await Work.Run();
        return await Now(import);
    }

    /// <summary>Sends a file and lets it happen.</summary>
    public async Task<Import> Import(ImportKind kind, string csv, ImportOptions? options = null)
    {
        var previewed = await Preview(kind, csv, options);
        Assert.True(previewed.State == ImportState.Previewed, previewed.Problem?.Detail);
        var applied = await Apply(previewed);
        Assert.Equal(ImportState.Applied, applied.State);
        return applied;
    }

    public async Task<Import> Now(Import import) => World.Good(await Store.Find(World.Manager.OrganisationId, import.Id));

    public Task<IReadOnlyList<ImportRow>> Rows(Import import) => Store.AllRows(import.Id);

    private sealed class LastWords(IFeedRelay relay, CancellationTokenSource dies) : IFeedRelay
    {
        public ValueTask Publish(IReadOnlyList<FeedBatch> batches)
        {
            dies.Cancel();
            return relay.Publish(batches);
        }

        public IDisposable Subscribe(Action<FeedBatch> take) => relay.Subscribe(take);
    }
}
