using LiveProctor.Core.Accounts;
using LiveProctor.Core.Audit;
using LiveProctor.Core.Imports.Reading;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Imports;

/// <summary>Takes a file whose rows shall become things of the organisation. It is read and judged afterwards (<see cref="WorkImports"/>); nothing else changes yet.</summary>
public sealed class StartImport(Changes changes, ImportPoke poke)
{
    /// <summary>The most bytes that a file has.</summary>
    public const int LargestFile = FileLimits.Bytes;

    /// <param name="fileName">For people; what the file is shows in its bytes.</param>
    /// <returns>The import; forbidden, tooLarge, invalid (by field), importsRunning, idempotencyKeyReused.</returns>
    public async Task<Result<Import>> Run(Actor actor, ImportKind kind, string? fileName, ImportOptions options, byte[] file, Once? once = null)
    {
        var check = new Check();
        var name = check.Text("fileName", fileName, 200);
        check.That(SessionTimes.Zone(options.TimeZone) is not null, "timeZone", "There is no time zone of this name; use one such as Europe/Paris.");
        check.That(options.Tests.Count <= 50 && options.Tests.All(Id.Plausible), "tests", "These are codes of at most 50 tests.");
        if (check.Failed(out var problem))
        {
            return problem;
        }

        if (file.Length > LargestFile)
        {
            return new Problem(ProblemKind.TooLarge, $"A file has at most {LargestFile / 1024 / 1024} MB. Import it in parts.");
        }

        var started = await changes.Run<Import>(actor, change => Start(change, kind, name, options, file), once);
        poke.Now();
        return started;
    }

    private static async Task<Result<Import>> Start(Change change, ImportKind kind, string name, ImportOptions options, byte[] file)
    {
        var actor = change.Actor;
        if (!actor.AtLeast(Role.Manager))
        {
            return new Problem(ProblemKind.Forbidden, "Managers import.");
        }

        if (await OwnImport.WhyNotNow(change) is { } busy)
        {
            return busy;
        }

        if (options.Tests.Count > 0)
        {
            var tests = await SessionParts.Tests(change, actor.OrganisationId, options.Tests, simulated: false);
            if (tests.Failed(out var problem))
            {
                return problem;
            }
        }

        var import = new Import
        {
            Id = Id.New(change.Now),
            OrganisationId = actor.OrganisationId,
            Kind = kind,
            FileName = name,
            Options = options,
            By = new Person(actor.Id, actor.Name),
            CreatedAt = change.Now,
        };
        await ImportStore.Insert(change, import, file);
        change.Record(actor.OrganisationId, AuditLog.Organisation(actor.OrganisationId), "importStarted", import.Id, new { kind, fileName = name, bytes = file.Length });
        return import;
    }
}

/// <summary>Lets an import's preview happen. Problems: forbidden, notFound, importNotReady, invalid (notify), importsRunning, idempotencyKeyReused.</summary>
public sealed class ApplyImport(Changes changes, ImportPoke poke)
{
    /// <param name="notify">Whether the registered students of sessions that get other dates are told by mail; needed where there are any (<see cref="Import.Notice"/>).</param>
    public async Task<Result<Import>> Run(Actor actor, string id, bool? notify = null, Once? once = null)
    {
        var applied = await changes.Run<Import>(
            actor,
            async change =>
            {
                var found = await OwnImport.Load(change, id);
                if (found.Failed(out var problem) || (problem = ImportRules.WhyNotApply(found.Value, notify)) is not null)
                {
                    return problem;
                }

                if (await OwnImport.WhyNotNow(change) is { } busy)
                {
                    return busy;
                }

                var import = found.Value with { State = ImportState.Applying, Done = 0, Notify = notify, By = new Person(actor.Id, actor.Name) };
                await ImportStore.Save(change, import);
                await ImportStore.HandTo(change, id, actor);
                change.Record(actor.OrganisationId, AuditLog.Organisation(actor.OrganisationId), "importApplying", id, new { import.Kind, import.FileName, import.Counts, import.Notice, notify });
                return import;
            },
            once);
        poke.Now();
        return applied;
    }
}

/// <summary>Stops an import. What was applied before stays; the report says which rows those are. Problems: forbidden, notFound, importNotReady.</summary>
public sealed class CancelImport(Changes changes)
{
    public Task<Result<Import>> Run(Actor actor, string id, Once? once = null) => changes.Run<Import>(
        actor,
        async change =>
        {
            var found = await OwnImport.Load(change, id);
            if (found.Failed(out var problem) || (problem = ImportRules.WhyNotCancel(found.Value)) is not null)
            {
                return problem;
            }

            var before = found.Value;
            var import = before with { State = ImportState.Cancelled, FinishedAt = change.Now };
            await ImportStore.Save(change, import);
            var written = before.State == ImportState.Applying ? before.Done : 0;
            change.Record(actor.OrganisationId, AuditLog.Organisation(actor.OrganisationId), "importCancelled", id, new { import.Kind, import.FileName, written, import.Rows });
            return import;
        },
        once);
}

/// <summary>An import that the change's actor may steer.</summary>
internal static class OwnImport
{
    public static async Task<Result<Import>> Load(Change change, string id)
    {
        if (!change.Actor.AtLeast(Role.Manager))
        {
            return new Problem(ProblemKind.Forbidden, "Managers import.");
        }

        return Id.Plausible(id) && await ImportStore.Load(change, id) is { } found && found.Import.OrganisationId == change.Actor.OrganisationId
            ? found.Import
            : Problem.NotFound("import");
    }

    /// <summary>Why no other import of the organisation can be worked on now; null when one can. Asked by one after the other, so that the limit holds.</summary>
    public static async Task<Problem?> WhyNotNow(Change change)
    {
        var id = change.Actor.OrganisationId;
        await change.Find<string>($"SELECT id FROM organisations WHERE id = @id{change.Dialect.ForUpdate}", new { id });
        return await ImportStore.CountAtWork(change, id) >= ImportRules.MostAtWork
            ? new Problem(ProblemKind.ImportsRunning, $"{ImportRules.MostAtWork} files are being worked on. Wait until one of them is done.")
            : null;
    }
}

/// <summary>Tells the process' runner that there is something to do, so that nobody waits for its next look.</summary>
public sealed class ImportPoke : IDisposable
{
    private readonly SemaphoreSlim signal = new(0, 1);

    public void Now()
    {
        try
        {
            signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is told already.
        }
    }

    public void Dispose() => signal.Dispose();

    /// <summary>Waits until it is told, or for a time.</summary>
    internal async Task Wait(TimeSpan most, TimeProvider time, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(most, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        try
        {
            await signal.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // It is time to look.
        }
    }
}
