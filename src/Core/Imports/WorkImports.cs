using LiveProctor.Core.Audit;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Imports;

/// <summary>
/// Reads, judges and applies imports, some hundred or thousand rows a transaction. A transaction writes the rows' outcomes, how far the import has come and what the rows
/// make together: whoever goes on after a crash begins exactly where the last commit ended. Who works holds a lease; one that is not renewed ends.
/// </summary>
public sealed class WorkImports(ImportStore store, Changes changes, TimeProvider time)
{
    /// <summary>How long nobody else takes up an import after its worker was last heard of.</summary>
    public static readonly TimeSpan LeaseLength = TimeSpan.FromSeconds(30);

    /// <summary>How long imports and their rows are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    // A file over which the program itself stumbles is not tried for ever.
    private const int MostAttempts = 4;

    /// <summary>Works on every import that nobody works on.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> Run(CancellationToken stop = default)
    {
        var worked = 0;
        var failures = new List<Exception>();
        foreach (var id in await store.Waiting(time.Now()))
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                worked += await Work(id, stop) ? 1 : 0;
            }
#pragma warning disable CA1031 // One import that fails must not keep the others waiting; it is told below.
            catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
            {
                failures.Add(failure);
            }
        }

        return failures.Count == 0 ? worked : throw new AggregateException("An import stumbled; it is tried again.", failures);
    }

    /// <summary>Forgets what is older than <see cref="Kept"/>.</summary>
    public Task Forget() => changes.Run<Done>(Actor.System, async change =>
    {
        await ImportStore.ForgetBefore(change, change.Now - Kept);
        return new Done();
    });

    private async Task<bool> Work(string id, CancellationToken stop)
    {
        var owner = Id.New(time.Now());
        var claimed = await Claim(id, owner);
        if (claimed.Failed(out _))
        {
            return false;
        }

        var (import, actor) = claimed.Value;
        if (import.State == ImportState.Reading)
        {
            await Preview(import, actor, owner, stop);
        }

        for (var more = import.State == ImportState.Applying; more;)
        {
            stop.ThrowIfCancellationRequested();
            more = (await changes.Run(actor, change => ApplyBatch(change, import.OrganisationId, id, owner))).Value;
        }

        return true;
    }

    private Task<Result<(Import, Actor)>> Claim(string id, string owner) => changes.Run<(Import, Actor)>(Actor.System, async change =>
    {
        if (await ImportStore.Load(change, id) is not ({ State: ImportState.Reading or ImportState.Applying } import, var actor, _)
            || await change.Find<string>("SELECT id FROM imports WHERE id = @id AND lease_until <= @now", new { id, now = change.Now }) is null)
        {
            return Problem.NotFound("import");
        }

        if (await ImportStore.Attempt(change, id) > MostAttempts)
        {
            await Finish(change, import with { State = ImportState.Failed, Problem = new ImportProblem(ProblemKind.Unexpected.Code, "The program failed over this file several times; it is in the log.") });
            import = import with { State = ImportState.Failed };
        }

        await ImportStore.Lease(change, id, owner, change.Now + LeaseLength);
        return (import, actor);
    });

    private async Task Preview(Import import, Actor actor, string owner, CancellationToken stop)
    {
        var read = await store.File(import.Id) is { } file ? RowKinds.Read(import.Kind, file) : Reading.ImportFile.Damaged;
        if (read.Failed(out var problem))
        {
            await changes.Run(actor, change => Mine(change, import.Id, owner, async mine =>
            {
                await Finish(change, mine with { State = ImportState.Failed, Problem = new ImportProblem(problem.Code, problem.Detail) });
                return false;
            }));
            return;
        }

        // Rows that were judged before a crash are judged already; the reading of a file is the same each time.
        var (rows, remarks) = read.Value;
        for (var more = true; more;)
        {
            stop.ThrowIfCancellationRequested();
            more = (await changes.Run(actor, change => Mine(change, import.Id, owner, mine => JudgeBatch(change, mine with { Rows = rows.Count, Remarks = remarks }, rows)))).Value;
        }
    }

    private static async Task<bool> JudgeBatch(Change change, Import import, IReadOnlyList<ImportRow> rows)
    {
        var batch = rows.Skip((int)import.Done).Take(RowKinds.Of(import.Kind).AtOnce).ToList();
        var judged = await Judged(change, import, batch, apply: false);
        if (batch.Count > 0)
        {
            await ImportStore.InsertRows(change, import.Id, judged);
        }

        var done = import.Done + batch.Count;
        await ImportStore.Save(change, import with
        {
            Done = done, Counts = Add(import.Counts, judged, 1), Notice = judged.Select(row => row.Notice).OfType<RowNotice>().Aggregate(import.Notice, (sum, row) => (sum ?? ImportNotice.None).Add(row)),
            State = done == rows.Count ? ImportState.Previewed : ImportState.Reading,
        });
        return done < rows.Count;
    }

    private static async Task<Result<bool>> ApplyBatch(Change change, string organisationId, string id, string owner)
    {
        // Two files with the same new session must not both find that there is none.
        await ImportStore.Queue(change, organisationId);
        return await Mine(change, id, owner, import => Apply(change, import));
    }

    private static async Task<bool> Apply(Change change, Import import)
    {
        var id = import.Id;
        var batch = await ImportStore.Next(change, id, import.Done, RowKinds.Of(import.Kind).AtOnce);
        var judged = await Judged(change, import, batch, apply: true);
        await ImportStore.SaveApplied(change, id, [.. judged.Zip(batch).Where(pair => !pair.First.CameTrue(pair.Second)).Select(pair => pair.First)]);

        var next = import with { Done = import.Done + batch.Count, Counts = Add(Add(import.Counts, batch, -1), judged, 1) };
        if (next.Done < next.Rows)
        {
            await ImportStore.Save(change, next);
            return true;
        }

        await Finish(change, next with { State = ImportState.Applied });
        return false;
    }

    /// <summary>The rows with their verdicts; what the file itself made impossible is asked of nobody.</summary>
    private static async Task<IReadOnlyList<ImportRow>> Judged(Change change, Import import, IReadOnlyList<ImportRow> rows, bool apply)
    {
        var asked = rows.Where(row => row.Outcome != RowOutcome.Reject).ToList();
        var verdicts = asked.Count == 0 ? [] : await RowKinds.Of(import.Kind).Run(change, import, asked, apply);
        var next = new Queue<RowVerdict>(verdicts);
        return [.. rows.Select(row => row.Outcome == RowOutcome.Reject ? row with { Applied = apply } : row.With(next.Dequeue()) with { Applied = apply })];
    }

    /// <summary>Does the work when the import is still the owner's and still to be worked on; answers whether there is more.</summary>
    private static async Task<Result<bool>> Mine(Change change, string id, string owner, Func<Import, Task<bool>> work)
    {
        if (await ImportStore.Load(change, id) is not ({ State: ImportState.Reading or ImportState.Applying } import, _, var holder) || holder != owner)
        {
            return false;
        }

        await ImportStore.Lease(change, id, owner, change.Now + LeaseLength);
        return await work(import);
    }

    private static async Task Finish(Change change, Import import)
    {
        var done = import with { FinishedAt = change.Now };
        await ImportStore.Save(change, done);
        var action = import.State == ImportState.Applied ? "importApplied" : "importFailed";
        change.Record(
            import.OrganisationId, AuditLog.Organisation(import.OrganisationId), action, import.Id, new { import.Kind, import.FileName, import.Rows, import.Counts, problem = import.Problem?.Code });
    }

    private static ImportCounts Add(ImportCounts counts, IReadOnlyList<ImportRow> rows, int sign)
    {
        return new(
            counts.Create + Of(RowOutcome.Create), counts.Update + Of(RowOutcome.Update), counts.Same + Of(RowOutcome.Same), counts.Reject + Of(RowOutcome.Reject),
            counts.Remove + Of(RowOutcome.Remove));

        long Of(RowOutcome outcome) => sign * rows.Count(row => row.Outcome == outcome);
    }
}
