using System.Data.Common;
using Dapper;
using LiveProctor.Core.Audit;
using LiveProctor.Core.Feeds;

namespace LiveProctor.Core.Storage;

/// <summary>
/// One transaction of a use case: what it writes, the events it announces and the audit rows it leaves commit together or not at all.
/// Made by <see cref="Changes"/>.
/// </summary>
public sealed partial class Change
{
    private readonly List<Announced> announced = [];
    private readonly List<AuditRow> recorded = [];
    private readonly Dictionary<string, long> locked;
    private readonly Dictionary<string, AuditEnd> chainEnds;
    private readonly Dictionary<string, object> known;
    private readonly DbTransaction transaction;
    private readonly Change? whole;
    private List<IWriteLater> later = [];
    private bool gathering;
    private readonly bool shared;

    /// <param name="shared">True when several commands are decided in it, each in a <see cref="Part"/>.</param>
    internal Change(Actor actor, DateTimeOffset now, Dialect dialect, DbConnection connection, DbTransaction transaction, bool shared = false)
    {
        this.shared = shared;
        Actor = actor;
        Now = now;
        Dialect = dialect;
        Connection = connection;
        this.transaction = transaction;
        locked = new(StringComparer.Ordinal);
        chainEnds = new(StringComparer.Ordinal);
        known = new(StringComparer.Ordinal);
    }

    private Change(Change whole, Actor actor, DateTimeOffset now)
    {
        Actor = actor;
        Now = now;
        Dialect = whole.Dialect;
        Connection = whole.Connection;
        transaction = whole.transaction;
        locked = whole.locked;
        chainEnds = whole.chainEnds;
        known = whole.known;
        this.whole = whole;
        shared = true;
    }

    /// <summary>Who does it.</summary>
    public Actor Actor { get; }

    /// <summary>The one instant at which everything in this change happens.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The database's differences.</summary>
    public Dialect Dialect { get; }

    /// <summary>True when other commands are decided in the same transaction (<see cref="Turns"/>).</summary>
    internal bool Shared => shared;

    /// <summary>One object for all changes that share a transaction, and never again: the driver's own serves the next transaction of its connection, too.</summary>
    internal object Transaction => locked;

    /// <summary>True when this change has sent something to the database that only a rollback takes back.</summary>
    internal bool Written { get; private set; }

    private DbConnection Connection { get; }

    /// <summary>Adds an event to a feed. It gets its number when the change commits, in the order announced.</summary>
    public void Announce<T>(string feed, string kind, T data) => announced.Add(new Announced(feed, kind, Now, Json.Write(data)));

    /// <summary>The same to several feeds.</summary>
    public void Announce<T>(IEnumerable<string> feeds, string kind, T data)
    {
        var text = Json.Write(data);
        announced.AddRange(feeds.Select(feed => new Announced(feed, kind, Now, text)));
    }

    /// <summary>Adds a row to the audit chain of a session (<see cref="FeedNames.Session"/>) or of an organisation.</summary>
    public void Record(string organisationId, string chain, string action, string subject, object? details = null) =>
        recorded.Add(new AuditRow(organisationId, chain, Now, Actor, action, subject, details is null ? "{}" : Json.Write(details)));

    public async Task<int> Execute(string sql, object? parameters = null)
    {
        await WriteGathered();
        Wrote();
        return await Connection.ExecuteAsync(sql, parameters, transaction);
    }

    public async Task<T?> Find<T>(string sql, object? parameters = null)
    {
        await WriteGathered();
        return await Connection.QuerySingleOrDefaultAsync<T>(sql, parameters, transaction);
    }

    public async Task<T> One<T>(string sql, object? parameters = null)
    {
        await WriteGathered();
        return await Connection.QuerySingleAsync<T>(sql, parameters, transaction);
    }

    public async Task<IReadOnlyList<T>> All<T>(string sql, object? parameters = null)
    {
        await WriteGathered();
        return (await Connection.QueryAsync<T>(sql, parameters, transaction)).AsList();
    }

    /// <summary>The answers of several SELECTs for one wait. The caller reads and disposes them before the next statement.</summary>
    internal async Task<SqlMapper.GridReader> Several(string sql, object parameters)
    {
        await WriteGathered();
        return await Connection.QueryMultipleAsync(sql, parameters, transaction);
    }

    /// <summary>Where rows of one kind are gathered that go into one statement.</summary>
    internal T Later<T>()
        where T : class, IWriteLater, new()
    {
        if (later.OfType<T>().FirstOrDefault() is not { } gathered)
        {
            later.Add(gathered = new T());
        }

        return gathered;
    }

    /// <summary>What a command read that shares its transaction with the next, which then need not read it; forgotten with the next statement that writes anything but what is gathered.</summary>
    internal async Task<T?> Known<T>(string key, Func<Task<T?>> read)
        where T : class
    {
        if (known.TryGetValue(key, out var found))
        {
            return (T)found;
        }

        var value = await read();
        if (shared && value is not null)
        {
            known[key] = value;
        }

        return value;
    }

    /// <summary>Keeps for <see cref="Known{T}"/> what was read for all commands that share this transaction.</summary>
    internal void Know(string key, object value) => known[key] = value;

    /// <summary>What was kept under the key, and is kept no longer; null when nothing is, or something was written since.</summary>
    internal T? TakeKnown<T>(string key)
        where T : class => known.Remove(key, out var found) ? (T)found : null;

    /// <summary>A change for one of several commands that share this transaction.</summary>
    internal Change Part(Actor actor, DateTimeOffset now) => new(this, actor, now);

    /// <summary>Makes what a part decided a part of this change.</summary>
    internal void Take(Change part)
    {
        announced.AddRange(part.announced);
        recorded.AddRange(part.recorded);
        foreach (var gathered in part.later)
        {
            if (later.Find(own => own.GetType() == gathered.GetType()) is { } same)
            {
                same.Take(gathered);
            }
            else
            {
                later.Add(gathered);
            }
        }
    }

    /// <summary>Several statements that answer nothing, for one wait; none when <paramref name="add"/> adds none.</summary>
    internal async Task Write(Action<Statements> add)
    {
        var write = new Statements();
        add(write);
        if (write.Count > 0)
        {
            await Execute(write.Text, write.Parameters);
        }
    }

    /// <summary>Writes at once what was gathered, or is written apart.</summary>
    internal async Task WriteAndCheck(IWriteTogether gathered)
    {
        var write = new Statements();
        gathered.Add(write, Dialect);
        await WriteGathered();
        Wrote();
        await using var answers = await Connection.QueryMultipleAsync(write.Text, write.Parameters, transaction);
        await gathered.Check(answers);
    }

    /// <param name="together">False to leave what can go into one command with what comes next.</param>
    private async Task WriteGathered(bool together = true)
    {
        if (whole is not null)
        {
            await whole.WriteGathered();
        }

        while (later.Exists(gathered => together || gathered is not IWriteTogether))
        {
            var now = later;
            later = together ? [] : [.. now.Where(gathered => gathered is IWriteTogether)];
            gathering = true;
            foreach (var gathered in now.Except(later))
            {
                await gathered.Write(this);
            }

            gathering = false;
        }
    }

    private void Wrote()
    {
        Written = true;
        if (!gathering)
        {
            known.Clear();
        }
    }
}
