namespace LiveProctor.Hub.Feeds;

/// <summary>One connection that follows feeds: the way to it, and what it follows.</summary>
/// <param name="connectionId">SignalR's id of the connection.</param>
/// <param name="client">Where messages go. Its tasks end when the connection can take more.</param>
/// <param name="cutOff">Aborts the connection; called at most once.</param>
public sealed class FeedReader(string connectionId, IFeedClient client, Action cutOff)
{
    private readonly Lock gate = new();
    private readonly List<FeedPump> following = new(2);
    private bool telling;
    private bool gone;
    private bool wasCutOff;

    /// <summary>SignalR's id of the connection.</summary>
    public string ConnectionId => connectionId;

    internal IFeedClient Client => client;

    /// <summary>Begins a pump in place of an earlier one of the same name; false when the connection is gone.</summary>
    internal bool Follow(FeedPump pump)
    {
        FeedPump? earlier;
        lock (gate)
        {
            if (gone)
            {
                return false;
            }

            earlier = following.Find(other => other.ShownName == pump.ShownName);
            following.Add(pump);
            if (earlier is not null)
            {
                following.Remove(earlier);
            }
        }

        earlier?.Feed.Detach(earlier);
        return true;
    }

    internal void Unfollow(string shownName) => Unfollow(pump => pump.ShownName == shownName);

    internal void Unfollow(FeedPump pump) => Unfollow(other => other == pump);

    /// <summary>The connection is gone, and with it everything that it follows.</summary>
    internal void Leave()
    {
        lock (gate)
        {
            gone = true;
        }

        Unfollow(_ => true);
    }

    internal void CutOff()
    {
        lock (gate)
        {
            if (wasCutOff)
            {
                return;
            }

            wasCutOff = true;
        }

        // Not here: aborting runs what others have hung on it.
        ThreadPool.UnsafeQueueUserWorkItem(static action => action(), cutOff, preferLocal: false);
    }

    /// <summary>Tells the client how far its feeds are, unless it has not yet taken the last such message.</summary>
    internal void TellHeads()
    {
        var heads = new List<FeedHead>(2);
        lock (gate)
        {
            foreach (var pump in telling ? [] : following)
            {
                if (pump.Feed.Head is { } head)
                {
                    heads.Add(new FeedHead(pump.ShownName, head.Epoch, head.Seq));
                }
            }

            telling |= heads.Count > 0;
        }

        if (heads.Count > 0)
        {
            _ = Tell(heads);
        }
    }

    private async Task Tell(List<FeedHead> heads)
    {
        try
        {
            await client.Head(heads);
            lock (gate)
            {
                telling = false;
            }
        }
        catch (Exception)
        {
            CutOff();
        }
    }

    private void Unfollow(Predicate<FeedPump> which)
    {
        List<FeedPump> left;
        lock (gate)
        {
            left = following.FindAll(which);
            following.RemoveAll(left.Contains);
        }

        left.ForEach(pump => pump.Feed.Detach(pump));
    }
}
