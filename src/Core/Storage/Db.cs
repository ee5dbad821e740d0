using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LiveProctor.Core.Storage;

/// <summary>The database: the truth behind everything. PostgreSQL when a connection string is given, otherwise an SQLite file.</summary>
public sealed class Db : IAsyncDisposable
{
    private readonly NpgsqlDataSource? postgres;
    private readonly string? sqlite;

    // Every look-up has its index. A table that was empty when a statement was planned would be read from end to end until its statistics are new,
    // and a plan of the first student of the day is kept for the last.
    private const string ByIndexes = "SET enable_seqscan = off; SET jit = off";

    // SQLite has one writer. Waiting here is fair and without the busy handler's naps.
    private readonly SemaphoreSlim writer = new(1, 1);

    private Db(NpgsqlDataSource? postgres, string? sqlite)
    {
        this.postgres = postgres;
        this.sqlite = sqlite;
        Columns.Register();
    }

    /// <summary>Which of the two it is.</summary>
    public Dialect Dialect => postgres is null ? Dialect.Sqlite : Dialect.Postgres;

    /// <summary>
    /// A PostgreSQL database, by its Npgsql connection string. Statements that repeat are prepared, unless the string says otherwise (a pooler in between may
    /// not stand it): planning a page of the session list takes longer than reading it.
    /// </summary>
    public static Db Postgres(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!connectionString.Contains("Auto Prepare", StringComparison.OrdinalIgnoreCase))
        {
            settings.MaxAutoPrepare = 200;
            settings.AutoPrepareMinUsages = 2;
        }

        if (!connectionString.Contains("No Reset On Close", StringComparison.OrdinalIgnoreCase))
        {
            // Nothing here leaves anything behind on a connection; asking it to forget takes as long as a small statement.
            settings.NoResetOnClose = true;
        }

        var source = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        source.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(ByIndexes, connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var command = new NpgsqlCommand(ByIndexes, connection);
                await command.ExecuteNonQueryAsync();
            });
        return new(source.Build(), null);
    }

    /// <summary>An SQLite file, made when missing; its folder must exist.</summary>
    public static Db Sqlite(string path)
    {
        SqliteLibrary.Prepare();
        return new(null, new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 30 }.ToString());
    }

    /// <summary>Reads outside a transaction; each statement sees what was committed before it.</summary>
    public async Task<T> Read<T>(Func<DbConnection, Task<T>> read)
    {
        await using var connection = await Open();
        return await read(connection);
    }

    /// <summary>Reads several things as they were at one moment, without holding up any writer.</summary>
    public async Task<T> ReadConsistently<T>(Func<DbConnection, DbTransaction, Task<T>> read)
    {
        await using var connection = await Open();
        await using var transaction = connection is SqliteConnection file
            ? file.BeginTransaction(deferred: true)
            : await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        return await read(connection, transaction);
    }

    /// <summary>
    /// Runs <paramref name="write"/> in one transaction and commits when it says so. Durable before it returns
    /// (PostgreSQL's own setting; SQLite: write-ahead log with a full sync at each commit).
    /// </summary>
    public Task<T> Write<T>(Func<DbConnection, DbTransaction, Task<(T Value, bool Commit)>> write) => Write(async (connection, transaction) =>
    {
        var (value, commit) = await write(connection, transaction);
        return (value, commit ? Ending.Commit : Ending.Rollback);
    });

    /// <summary>The same where <paramref name="write"/> may have committed by itself.</summary>
    internal async Task<T> Write<T>(Func<DbConnection, DbTransaction, Task<(T Value, Ending Ending)>> write)
    {
        if (postgres is null)
        {
            await writer.WaitAsync();
        }

        try
        {
            await using var connection = await Open();
            await using var transaction = connection is SqliteConnection file
                ? file.BeginTransaction(deferred: false)
                : await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted);
            try
            {
                var (value, ending) = await write(connection, transaction);
                await (ending switch { Ending.Commit => transaction.CommitAsync(), Ending.Rollback => transaction.RollbackAsync(), _ => Task.CompletedTask });
                return value;
            }
            catch (PostgresException)
            {
                await ForgetPrepared(connection, transaction);
                throw;
            }
        }
        finally
        {
            if (postgres is null)
            {
                writer.Release();
            }
        }
    }

    // Of several statements in one command those behind the one that failed were never prepared, but are taken for it: the next to use the connection would
    // be told that they do not exist.
    private static async Task ForgetPrepared(DbConnection connection, DbTransaction transaction)
    {
        try
        {
            await transaction.RollbackAsync();
            ((NpgsqlConnection)connection).UnprepareAll();
        }
        catch (Exception gone) when (gone is NpgsqlException or InvalidOperationException)
        {
            // The connection is broken or the transaction was ended already: the pool makes a new one.
        }
    }

    /// <summary>An open connection with the settings that every use relies on; the caller disposes it.</summary>
    public async Task<DbConnection> Open()
    {
        if (postgres is not null)
        {
            return await postgres.OpenConnectionAsync();
        }

        var connection = new SqliteConnection(sqlite);
        await connection.OpenAsync();
        await using var pragmas = connection.CreateCommand();
        pragmas.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=30000;";
        await pragmas.ExecuteNonQueryAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        writer.Dispose();
        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }
        else
        {
            using var connection = new SqliteConnection(sqlite);
            SqliteConnection.ClearPool(connection);
        }
    }
}

/// <summary>How a transaction ends.</summary>
internal enum Ending
{
    Rollback,
    Commit,

    /// <summary>Its last command has committed it.</summary>
    Committed,
}
