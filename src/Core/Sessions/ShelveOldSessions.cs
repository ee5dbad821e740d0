using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>
/// Sets sessions that ended more than three months ago apart, so that a list without them need not step over them. Called each minute; a session that
/// waits for it is left out of lists all the same.
/// </summary>
public sealed class ShelveOldSessions(Db db, TimeProvider time)
{
    // So that no transaction takes long.
    private const int AtATime = 500;

    /// <returns>How many were.</returns>
    public async Task<int> Run(CancellationToken stop = default)
    {
        var moved = 0;
        var before = time.Now().AddMonths(-SessionLists.MonthsListed);
        foreach (var shelf in new[] { nameof(SessionPhase.Closed), nameof(SessionPhase.Cancelled) })
        {
            int batch;
            do
            {
                stop.ThrowIfCancellationRequested();
                batch = await Move(shelf, before);
                moved += batch;
            }
            while (batch == AtATime);
        }

        return moved;
    }

    private Task<int> Move(string shelf, DateTimeOffset before)
    {
        var find = $"""
            SELECT session_list.session_id FROM organisations JOIN session_list ON session_list.list_id = organisations.id
            WHERE session_list.shelf = @shelf AND session_list.closes_at < @before
            LIMIT @most{db.Dialect.ForUpdateSkipLockedOf("session_list")}
            """;
        return db.Write(async (connection, transaction) =>
        {
            var ids = (await connection.QueryAsync<string>(find, new { shelf, before, most = AtATime }, transaction)).ToArray();
            foreach (var table in new[] { "session_list", "session_counts" })
            {
                var move = $"UPDATE {table} SET shelf = @old WHERE shelf = @shelf AND {db.Dialect.In("session_id", "@ids")}";
                await connection.ExecuteAsync(move, new { shelf, old = SessionLists.Old(shelf), ids }, transaction);
            }

            return (ids.Length, Commit: ids.Length > 0);
        });
    }
}
