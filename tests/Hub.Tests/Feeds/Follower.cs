using LiveProctor.Core;
using LiveProctor.Core.Feeds;
using LiveProctor.Hub.Feeds;
using LiveProctor.TestSupport;

namespace LiveProctor.Hub.Tests.Feeds;

/// <summary>
/// A client of one feed as docs/protocol.md section 2 describes it: it applies an event only when it is the next one, keeps what arrives before an answer,
/// and follows again with its position at a gap, at a head that it does not reach, and after it was cut off.
/// </summary>
internal sealed class Follower(string feed, string shownName = "shown") : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<string> texts = [];
    private readonly List<FeedMessage> early = [];
    private Node? node;
    private FeedReader? reader;
    private bool asking;
    private bool again;
    private bool unbroken;
    private bool firstOfConnection;
    private Task asked = Task.CompletedTask;
    private TaskCompletionSource? stalled;

    /// <summary>Asked before each event, when set before the first connection.</summary>
    public FeedGate? Gate { get; set; }

    /// <summary>Asked once at each connection.</summary>
    public FeedDoor? Door { get; set; }

    /// <summary>Comes back by itself after it was cut off.</summary>
    public bool ComesBack { get; set; } = true;

    public FeedPosition? Position { get; private set; }

    public int CutOffs { get; private set; }

    public int Follows { get; private set; }

    public FollowAnswer? LastAnswer { get; private set; }

    public FeedMessage? LastMessage { get; private set; }

    public FeedHead? LastHead { get; private set; }

    public string? LastPresence { get; private set; }

    public Exception? Failure { get; private set; }

    public string Feed => feed;

    /// <summary>What it was told, in its order: its state.</summary>
    public IReadOnlyList<string> Texts
    {
        get
        {
            lock (gate)
            {
                return [.. texts];
            }
        }
    }

    /// <summary>Connects to a node, leaving the one before, and follows from where it stands.</summary>
    public Task Connect(Node to)
    {
        lock (gate)
        {
            Leave();
            node = to;
            var connection = new Connection(this);
            reader = connection.Reader;
            early.Clear();
            asking = false;
            unbroken = true;
            firstOfConnection = true;
        }

        return Follow();
    }

    /// <summary>The connection breaks.</summary>
    public void Disconnect()
    {
        lock (gate)
        {
            Leave();
        }
    }

    /// <summary>Takes nothing more until the returned action is called: its connection is full.</summary>
    public Action Stall()
    {
        stalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return () =>
        {
            var ending = stalled;
            stalled = null;
            ending?.TrySetResult();
        };
    }

    /// <summary>Waits until it has been told exactly this.</summary>
    public async Task Has(IReadOnlyList<string> expected, string because = "")
    {
        await Eventually.True(() => Failure is not null || Texts.Count >= expected.Count, $"{Texts.Count} of {expected.Count} events at {Position} {because}");
        if (Failure is not null)
        {
            throw new InvalidOperationException($"The follower failed {because}", Failure);
        }

        Assert.Equal(expected, Texts);
    }

    public async ValueTask DisposeAsync()
    {
        ComesBack = false;
        Disconnect();
        stalled?.TrySetResult();
        await asked;
    }

    private void Leave()
    {
        if (reader is { } old)
        {
            reader = null;
            node!.Connections.Disconnected(old);
        }
    }

    private Task Follow()
    {
        lock (gate)
        {
            if (asking)
            {
                again = true;
                return asked;
            }

            // Until it follows a second time over one connection, whatever the server sends must join on exactly.
            unbroken = firstOfConnection;
            firstOfConnection = false;

            asking = true;
            again = false;
            return asked = Ask(reader, node!);
        }
    }

    private async Task Ask(FeedReader? through, Node of)
    {
        try
        {
            await Task.Yield();
            if (through is null)
            {
                return;
            }

            Follows++;
            var answer = (await of.Connections.Follow(through, shownName, feed, Position, fresh => of.Snapshot(feed, fresh), Gate, Door)).Value;
            lock (gate)
            {
                if (through != reader)
                {
                    return;
                }

                Take(answer);
            }
        }
        catch (Exception failure)
        {
            Failure ??= failure;
        }

        if (again)
        {
            _ = Follow();
        }
    }

    private void Take(FollowAnswer answer)
    {
        LastAnswer = answer;
        if (answer.Snapshot is { } snapshot)
        {
            texts.Clear();
            texts.AddRange(Json.Read<Told>(snapshot).Texts);
            Position = new FeedPosition(answer.Epoch, answer.Events.Count > 0 ? answer.Events[0].Seq - 1 : answer.Seq);
        }

        Apply(answer.Epoch, answer.Events);
        Assert.Equal(new FeedPosition(answer.Epoch, answer.Seq), Position);
        asking = false;
        foreach (var message in early.ToArray())
        {
            again |= !Receive(message);
        }

        early.Clear();
    }

    private bool Receive(FeedMessage message)
    {
        if (unbroken && Position is { } at && (message.Epoch != at.Epoch || message.Events[0].Seq != at.Seq + 1))
        {
            Failure ??= new InvalidOperationException($"At {at} it was sent {message.Epoch} {message.Events[0].Seq}");
        }

        return Apply(message.Epoch, message.Events);
    }

    /// <summary>Applies what is next; false at a gap.</summary>
    private bool Apply(string epoch, IReadOnlyList<FeedEvent> events)
    {
        foreach (var item in events)
        {
            if (Position is not { } at || at.Epoch != epoch || item.Seq > at.Seq + 1)
            {
                return false;
            }

            if (item.Seq == at.Seq + 1)
            {
                texts.Add(Said.Of(item.Data));
                Position = new FeedPosition(epoch, item.Seq);
            }
        }

        return true;
    }

    private sealed class Connection : IFeedClient
    {
        private readonly Follower follower;

        public Connection(Follower follower)
        {
            this.follower = follower;
            Reader = new FeedReader("connection", this, CutOff);
        }

        public FeedReader Reader { get; }

        public Task Feed(FeedMessage message)
        {
            var gap = false;
            lock (follower.gate)
            {
                if (follower.reader != Reader)
                {
                    return Task.CompletedTask;
                }

                follower.LastMessage = message;
                if (follower.stalled is { } stalled)
                {
                    // It is on its way, and not taken in before it goes on.
                    return stalled.Task.ContinueWith(_ => Feed(message), TaskScheduler.Default).Unwrap();
                }

                if (follower.asking)
                {
                    follower.early.Add(message);
                }
                else
                {
                    gap = !follower.Receive(message);
                }
            }

            if (gap)
            {
                _ = follower.Follow();
            }

            return Task.CompletedTask;
        }

        public Task Head(IReadOnlyList<FeedHead> heads)
        {
            lock (follower.gate)
            {
                if (follower.reader != Reader)
                {
                    return Task.CompletedTask;
                }

                follower.LastHead = heads[0];
            }

            if (follower.Position is { } at && at.Epoch != heads[0].Epoch)
            {
                _ = follower.Follow();
            }

            return Task.CompletedTask;
        }

        public Task Presence(PresenceMessage message)
        {
            follower.LastPresence = message.Changes;
            return Task.CompletedTask;
        }

        private void CutOff()
        {
            lock (follower.gate)
            {
                if (follower.reader != Reader)
                {
                    return;
                }

                follower.CutOffs++;
                follower.Leave();
                if (!follower.ComesBack)
                {
                    return;
                }
            }

            _ = follower.Connect(follower.node!);
        }
    }
}
