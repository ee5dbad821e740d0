using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Delivery;

/// <summary>Commands for a delivery system.</summary>
/// <param name="Next">Pass it as <c>after</c> to get what follows.</param>
public sealed record CommandsAnswer(IReadOnlyList<DeliveryCommand> Commands, string Next);

/// <summary>
/// A delivery system fetches its commands by long poll. Without a position it gets every command that is still unconfirmed;
/// a command that is no longer pending is left out. Problems: invalid.
/// </summary>
public sealed class FetchCommands(FeedLog log, IFeedRelay relay, EntryStore entries, Changes changes, TimeProvider time)
{
    /// <summary>The longest wait, in seconds.</summary>
    public const int LongestWait = 30;

    private const int Page = 500;

    // A lost hint costs no more than this.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    /// <param name="after">The position that the last answer gave; null for everything unconfirmed.</param>
    /// <param name="wait">How long to wait for a command, 0–30 seconds.</param>
    public async Task<Result<CommandsAnswer>> Run(Actor delivery, string? after, int? wait, CancellationToken stop)
    {
        if (wait is < 0 or > LongestWait)
        {
            return Problem.Invalid(("wait", $"Wait 0 to {LongestWait} seconds."));
        }

        if (after is not null && ReadPosition(after) is null)
        {
            return Problem.Invalid(("after", "Send the position as it came in next."));
        }

        var feed = FeedNames.Delivery(delivery.Id);
        var held = after is null ? null : ReadPosition(after);
        var until = time.Now() + TimeSpan.FromSeconds(wait ?? 0);
        using var hint = new SemaphoreSlim(0);
        using var subscription = relay.Subscribe(batch =>
        {
            if (batch.Feed == feed)
            {
                hint.Release();
            }
        });
        while (true)
        {
            var (commands, position) = await Pending(feed, held);
            var left = until - time.Now();
            if (commands.Count > 0 || left <= TimeSpan.Zero)
            {
                await MarkDelivered(delivery, commands);
                return new CommandsAnswer(commands, position is { } next ? $"{next.Epoch}.{next.Seq}" : after ?? "start.0");
            }

            held = position ?? held;
            await Wait(hint, left < LookAgain ? left : LookAgain, stop);
        }
    }

    private async Task Wait(SemaphoreSlim hint, TimeSpan most, CancellationToken stop)
    {
        using var over = new CancellationTokenSource(most, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stop);
        try
        {
            await hint.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Nobody hinted in that time.
        }
    }

    private async Task<(IReadOnlyList<DeliveryCommand> Commands, FeedPosition? Position)> Pending(string feed, FeedPosition? held)
    {
        var commands = new List<DeliveryCommand>();
        FeedPosition? position = held;
        while (true)
        {
            if (await log.Read(feed, position?.Seq ?? 0, Page) is not { } page)
            {
                return (commands, position);
            }

            // Another history: nothing of the old position may be compared with it.
            if (position is { } known && known.Epoch != page.Head.Epoch)
            {
                position = null;
                if (known.Seq > 0)
                {
                    continue;
                }
            }

            foreach (var command in page.Events.Select(item => Json.Read<DeliveryCommand>(item.Data)))
            {
                if (await entries.Find(command.EntryId) is { } entry && entry.Pending?.Id == command.Id)
                {
                    commands.Add(command);
                }
            }

            position = new FeedPosition(page.Head.Epoch, page.Events.Count > 0 ? page.Events[^1].Seq : Math.Max(position?.Seq ?? 0, page.Head.Seq));
            if (page.Events.Count < Page)
            {
                return (commands, position);
            }
        }
    }

    private async Task MarkDelivered(Actor delivery, IReadOnlyList<DeliveryCommand> commands)
    {
        foreach (var command in commands)
        {
            // Looked up before the change: a transaction that waits for a second connection can starve them all.
            if (await entries.Find(command.EntryId) is not { } known)
            {
                continue;
            }

            await changes.Run<Done>(delivery, async change =>
            {
                var loaded = await SessionChange.LockAndLoad(change, known.SessionId);
                if (loaded.Failed(out var problem))
                {
                    return problem;
                }

                var entry = (await EntryStore.Load(change, known.SessionId, known.Id))!;
                return EntryRules.Delivered(entry, command.Id, change.Now) is { } step
                    ? (await EntryChange.Write(change, loaded.Value, entry, step)).Then(_ => new Done())
                    : new Done();
            });
        }
    }

    private static FeedPosition? ReadPosition(string text)
    {
        var dot = text.LastIndexOf('.');
        return dot > 0 && text.Length <= 100
            && long.TryParse(text[(dot + 1)..], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var seq)
            ? new FeedPosition(text[..dot], seq)
            : null;
    }
}
