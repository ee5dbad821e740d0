using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Entries;

/// <summary>New entries, with the tokens of their devices.</summary>
internal sealed class EntryInserts : IWriteLater
{
    private readonly List<Entry> entries = [];

    public void Add(Entry entry) => entries.Add(entry);

    public void Take(IWriteLater later) => entries.AddRange(((EntryInserts)later).entries);

    public async Task Write(Change change)
    {
        if (await Write(change, entries) != entries.Count)
        {
            throw new InvalidOperationException("Somebody among them is active in another session.");
        }
    }

    /// <summary>Adds entries.</summary>
    /// <returns>How many: who is active in another session is left out, also when both joins run at once, by the index <c>entries_active</c>.</returns>
    public static async Task<int> Write(Change change, IReadOnlyCollection<Entry> entries)
    {
        var rows = new Rows<Entry>(entries)
            .Text("id", entry => entry.Id).Text("organisation_id", entry => entry.OrganisationId).Text("session_id", entry => entry.SessionId)
            .Text("student_key", entry => entry.Student.Key).Text("test_code", entry => entry.Test.Code).Text("state", entry => entry.State.ToString())
            .Flag("active", entry => entry.Active).Number("arrival", entry => entry.Arrival).Number("version", entry => entry.Version)
            .Instant("due_at", EntryRules.NextDue).Text("document", entry => Json.Write(entry)).Text("hash", entry => entry.TokenHash).Number("device", entry => entry.Device);
        const string columns = "id, organisation_id, session_id, student_key, test_code, state, active, arrival, version, due_at, document";
        var sql = $"""
            INSERT INTO entries ({columns}) SELECT {columns} FROM {rows.From(change.Dialect)} WHERE true ORDER BY position
            ON CONFLICT DO NOTHING;
            INSERT INTO entry_tokens (hash, entry_id, device) SELECT rows.hash, rows.id, rows.device FROM {rows.From(change.Dialect)} JOIN entries ON entries.id = rows.id
            """;

        // Each entry counts twice, once with its token.
        return await change.Execute(sql, rows.Parameters(change.Dialect)) / 2;
    }
}

/// <summary>Entries that were changed, each over the version that was read.</summary>
internal sealed class EntrySaves : IWriteLater
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

    public Task Write(Change change) => Write(change, saves.Values);

    /// <summary>Writes entries over the versions expected. Their session is locked, so another version is a programming error.</summary>
    public static async Task Write(Change change, IReadOnlyCollection<(long Expected, Entry Entry)> saves)
    {
        var rows = new Rows<(long Expected, Entry Entry)>(saves)
            .Text("saved", save => save.Entry.Id).Number("expected", save => save.Expected).Text("state", save => save.Entry.State.ToString())
            .Flag("active", save => save.Entry.Active).Number("version", save => save.Entry.Version).Instant("due_at", save => EntryRules.NextDue(save.Entry))
            .Text("document", save => Json.Write(save.Entry));
        var sql = $"""
            UPDATE entries SET state = rows.state, active = rows.active, version = rows.version, due_at = rows.due_at, document = rows.document
            FROM {rows.From(change.Dialect)} WHERE entries.id = rows.saved AND entries.version = rows.expected
            """;
        if (await change.Execute(sql, rows.Parameters(change.Dialect)) != saves.Count)
        {
            throw new InvalidOperationException($"One of {saves.Count} entries is no longer at its version, though its session was locked: {saves.First().Entry.Id}.");
        }
    }
}
