using LiveProctor.Core.Feeds;
using StackExchange.Redis;

namespace LiveProctor.Core.Live;

/// <summary>The board that all nodes share. board.lua says how it is laid out and when a batch is applied; a board unused for 48 h is forgotten.</summary>
public sealed class RedisBoard(RedisLink link) : ILiveBoard
{
    private const int Few = 8;
    private const string EpochField = "#epoch";
    private const string SeqField = "#seq";
    private const string SessionField = "#session";
    private static readonly RedisScript Script = RedisScript.Named("board.lua");

    public async ValueTask Apply(IReadOnlyList<FeedBatch> batches)
    {
        var ofBoards = new List<(string SessionId, FeedBatch Batch)>();
        foreach (var batch in batches)
        {
            if (BoardBatch.IsOfBoard(batch.Feed, out var sessionId))
            {
                ofBoards.Add((sessionId, batch));
            }
        }

        // Sent together, answered in any order: board.lua sorts them out.
        await Task.WhenAll((ofBoards.Count > Few ? await Existing(ofBoards) : ofBoards).Select(item => Apply(item.SessionId, item.Batch)));
    }

    // A board that does not exist yet will be made of storage, where the batch is already: of a change that touches thousands of sessions, few are looked at.
    private async Task<IReadOnlyList<(string SessionId, FeedBatch Batch)>> Existing(List<(string SessionId, FeedBatch Batch)> batches)
    {
        var reply = await link.Ask(database => Task.WhenAll(batches.Select(item => database.KeyExistsAsync(Keys(item.SessionId)[0]))));
        return reply.Value is { } exist ? [.. batches.Where((_, index) => exist[index])] : batches;
    }

    public async ValueTask<BoardSnapshot?> Read(string sessionId)
    {
        var keys = Keys(sessionId);
        var reply = await link.Ask(database => database.HashGetAllAsync(keys[0]));
        if (!reply.Reached)
        {
            return null;
        }

        if (reply.Value is { Length: > 0 } fields && Snapshot(fields) is { } board)
        {
            return board;
        }

        await link.Run(Script, keys, ["await"]);
        return null;
    }

    public async ValueTask Put(string sessionId, BoardSnapshot board) =>
        await link.Run(Script, Keys(sessionId), ["put", board.Position.Epoch, board.Position.Seq, board.Session, .. Pieces(board.Entries)]);

    private async Task Apply(string sessionId, FeedBatch batch)
    {
        if (BoardBatch.TryRead(sessionId, batch, out var read))
        {
            await link.Run(Script, Keys(sessionId), ["apply", read.Epoch, read.First, read.Last, read.Session, .. Pieces(read.Entries)]);
        }
        else
        {
            await link.Run(Script, Keys(sessionId), ["forget"]);
        }
    }

    private static IEnumerable<RedisValue> Pieces(IReadOnlyDictionary<string, string> entries) =>
        entries.SelectMany(entry => (RedisValue[])[entry.Key, entry.Value]);

    private static BoardSnapshot? Snapshot(HashEntry[] fields)
    {
        string? epoch = null;
        var seq = 0L;
        var session = "";
        var entries = new Dictionary<string, string>(fields.Length, StringComparer.Ordinal);
        foreach (var field in fields)
        {
            var name = (string)field.Name!;
            switch (name)
            {
                case EpochField:
                    epoch = field.Value;
                    break;
                case SeqField:
                    seq = (long)field.Value;
                    break;
                case SessionField:
                    session = field.Value!;
                    break;
                default:
                    entries[name] = field.Value!;
                    break;
            }
        }

        return epoch is null ? null : new BoardSnapshot(new FeedPosition(epoch, seq), session, entries);
    }

    private static RedisKey[] Keys(string sessionId) => [$"lp:{{{sessionId}}}:board", $"lp:{{{sessionId}}}:aside"];
}
