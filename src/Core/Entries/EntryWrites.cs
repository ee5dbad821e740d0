using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Entries;

/// <summary>New entries, with the tokens of their devices.</summary>
internal sealed class EntryInserts : IWriteTogether
{
    private readonly List<Entry> entries = [];

    public void Add(Entry entry) => entries.Add(entry);

    public void Take(IWriteLater later) => entries.AddRange(((EntryInserts)later).entries);

    public Task Write(Change change) => change.WriteAndCheck(this);

    public void Add(Statements statements, Dialect dialect)
    {
        var rows = new Rows<Entry>(entries, "inserts")
            .Text("id", entry => entry.Id).Text("organisation_id", entry => entry.OrganisationId).Text("session_id", entry => entry.SessionId)
            .Text("student_key", entry => entry.Student.Key).Text("test_code", entry => entry.Test.Code).Text("state", entry => entry.State.ToString())
            .Flag("active", entry => entry.Active).Number("arrival", entry => entry.Arrival).Number("version", entry => entry.Version)
            .Instant("due_at", EntryRules.NextDue).Text("document", entry => Json.Write(entry));
        const string columns = "id, organisation_id, session_id, student_key, test_code, state, active, arrival, version, due_at, document";
        statements.Add($"INSERT INTO entries ({columns}) SELECT {columns} FROM {rows.From(dialect)} ORDER BY position", rows.Parameters(dialect));
        var tokens = new Rows<Entry>(entries, "tokens").Text("held", entry => entry.Id).Text("hash", entry => entry.TokenHash).Number("device", entry => entry.Device);
        statements.Add(
            $"INSERT INTO entry_tokens (hash, entry_id, device) SELECT hash, held, device FROM {tokens.From(dialect)}", tokens.Parameters(dialect));
    }

    // Who is active in another session is refused by the index entries_active, also when both joins run at once.
    public Task Check(SqlMapper.GridReader answers) => Task.CompletedTask;
}

/// <summary>Entries that were changed, each over the version that was read.</summary>
internal sealed class EntrySaves : IWriteTogether
{
    private readonly Dictionary<string, (long Expected, Entry Entry)> saves = new(StringComparer.Ordinal);

    /// <param name="expected">The version that <paramref name="entry"/> was made from.</param>
    public void Add(long expected, Entry entry)
    {
        if (!saves.TryGetValue(entry.Id, out var earlier))
        {
            saves[entry.Id] = (expected, entry);
        }
        else if (earlier.Entry.Version == expected)
        {
            saves[entry.Id] = (earlier.Expected, entry);
        }
        else
        {
            throw new InvalidOperationException($"Entry {entry.Id} was changed from version {expected}, but is at {earlier.Entry.Version}.");
        }
    }

    public void Take(IWriteLater later)
    {
        foreach (var (expected, entry) in ((EntrySaves)later).saves.Values)
        {
            Add(expected, entry);
        }
    }

    public Task Write(Change change) => change.WriteAndCheck(this);

    public void Add(Statements statements, Dialect dialect)
    {
        var rows = new Rows<(long Expected, Entry Entry)>(saves.Values, "saves")
            .Text("saved", save => save.Entry.Id).Number("expected", save => save.Expected).Text("state", save => save.Entry.State.ToString())
            .Flag("active", save => save.Entry.Active).Number("version", save => save.Entry.Version).Instant("due_at", save => EntryRules.NextDue(save.Entry))
            .Text("document", save => Json.Write(save.Entry));
        var sql = $"""
            UPDATE entries SET state = rows.state, active = rows.active, version = rows.version, due_at = rows.due_at, document = rows.document
            FROM {rows.Keyed(dialect)} WHERE entries.id = rows.saved AND entries.version = rows.expected
            """;
        statements.Add(dialect.Exactly(sql, "@saves"), rows.Parameters(dialect, new { saves = saves.Count }));
    }

    // Their session is locked, so another version is a programming error.
    public async Task Check(SqlMapper.GridReader answers)
    {
        if (await answers.ReadSingleAsync<long>() != saves.Count)
        {
            throw new InvalidOperationException($"One of {saves.Count} entries is no longer at its version, though its session was locked: {saves.Keys.First()}.");
        }
    }
}
