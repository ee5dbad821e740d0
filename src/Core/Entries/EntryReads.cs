using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Entries;

/// <summary>The entries that a command of staff names, read with the lock of their session. Two such commands on one session never share a transaction.</summary>
internal sealed class EntryReads(string sessionId, IEnumerable<string> ids) : IReadAhead
{
    private readonly string[] ids = [.. ids];

    public string Apart => $"entries of {sessionId}";

    public void Ask(Statements ask, Dialect dialect, IReadOnlyList<IReadAhead> all) =>
        EntryStore.AskNamed(ask, dialect, [.. all.Cast<EntryReads>().SelectMany(reads => reads.ids)]);

    public async Task Take(Change change, SqlMapper.GridReader answers, IReadOnlyList<IReadAhead> all)
    {
        var entries = await EntryStore.ReadNamed(answers);
        foreach (var reads in all.Cast<EntryReads>())
        {
            change.Know(reads.Apart, reads.Among(entries));
        }
    }

    /// <summary>Those of the entries that are named and belong to the session, by id.</summary>
    public IReadOnlyDictionary<string, Entry> Among(IEnumerable<Entry> entries) =>
        entries.Where(entry => entry.SessionId == sessionId && ids.Contains(entry.Id, StringComparer.Ordinal)).ToDictionary(entry => entry.Id, StringComparer.Ordinal);
}
