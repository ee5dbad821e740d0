using System.Collections;
using LiveProctor.Core.Storage;

namespace LiveProctor.TestSupport;

/// <summary>Both databases, for <c>[Theory, ClassData(typeof(Databases))]</c>: every test of storage runs on each.</summary>
public sealed class Databases : IEnumerable<object[]>
{
    public IEnumerator<object[]> GetEnumerator() => ((IEnumerable<object[]>)[["sqlite"], ["postgres"]]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A database of one test's own. Disposing it deletes it.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string kind;
    private readonly string address;
    private readonly List<Db> opened = [];

    private TestDatabase(string kind, string address)
    {
        this.kind = kind;
        this.address = address;
        Db = Open();
    }

    /// <summary>The database.</summary>
    public Db Db { get; }

    /// <summary>PostgreSQL's connection string; null when it is the other.</summary>
    public string? Postgres => kind == "postgres" ? address : null;

    /// <summary>A new database with every migration applied.</summary>
    /// <param name="kind">A value of <see cref="Databases"/>.</param>
    public static async Task<TestDatabase> New(string kind)
    {
        var database = kind == "postgres" ? new TestDatabase(kind, await (await PostgresServer.Shared).NewDatabase()) : await NewEmpty(kind);
        await new Migrator(database.Db).Run();
        return database;
    }

    /// <summary>A new database with nothing in it.</summary>
    public static async Task<TestDatabase> NewEmpty(string kind) => kind switch
    {
        "postgres" => new TestDatabase(kind, await (await PostgresServer.Shared).NewEmptyDatabase()),
        "sqlite" => new TestDatabase(kind, Directory.CreateTempSubdirectory("liveproctor-").FullName),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "sqlite or postgres"),
    };

    /// <summary>The same database as another node or another start of the program opens it.</summary>
    public Db Open()
    {
        var db = kind == "postgres" ? Db.Postgres(address) : Db.Sqlite(Path.Combine(address, "liveproctor.db"));
        opened.Add(db);
        return db;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var db in opened)
        {
            await db.DisposeAsync();
        }

        if (kind == "postgres")
        {
            await (await PostgresServer.Shared).Drop(address);
        }
        else
        {
            Directory.Delete(address, recursive: true);
        }
    }
}
