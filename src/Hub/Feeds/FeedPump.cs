using LiveProctor.Core.Feeds;

namespace LiveProctor.Hub.Feeds;

/// <summary>
/// Brings one feed to one connection: a position, and a loop that runs while there is something after it. Its queue is the feed's recent events,
/// which all pumps of the feed share: a waiting student costs no queue and no task, and what one reader does cannot delay another.
/// </summary>
internal sealed class FeedPump(FollowedFeed feed, FeedReader reader, string shownName, FeedGate? gate, long position)
{
    private const int Idle = 0;
    private const int Working = 1;
    private const int Woken = 2;

    private long position = position;
    private int state = Idle;
    private volatile bool ended;

    public FollowedFeed Feed => feed;

    public FeedReader Reader => reader;

    /// <summary>The name that the client followed.</summary>
    public string ShownName => shownName;

    /// <summary>The number of the last event that was sent.</summary>
    public long Position => Interlocked.Read(ref position);

    /// <summary>Says that there may be something to send. Never waits.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref state, Woken) == Idle)
        {
            _ = Run();
        }
    }

    /// <summary>Sends nothing more.</summary>
    public void End() => ended = true;

    /// <summary>Ends because the reader is too slow, or may not read on.</summary>
    public void CutOff()
    {
        ended = true;
        reader.CutOff();
    }

    private async Task Run()
    {
        do
        {
            Volatile.Write(ref state, Working);
            while (!ended)
            {
                if (!feed.Next(Position, out var frame))
                {
                    CutOff();
                }
                else if (frame is null)
                {
                    break;
                }
                else
                {
                    await Send(frame);
                    Interlocked.Exchange(ref position, frame.Last);
                }
            }
        }
        while (!ended && Interlocked.CompareExchange(ref state, Idle, Working) != Working);
    }

    private async Task Send(Frame frame)
    {
        try
        {
            var (allowed, passage) = gate is null ? (frame, Passage.Send) : await Admit(frame);
            if (allowed is not null)
            {
                await reader.Client.Feed(allowed.Message(shownName));
            }

            if (passage == Passage.CutOff)
            {
                CutOff();
            }
            else if (passage == Passage.SendAsLast)
            {
                ended = true;
                reader.Unfollow(this);
            }
        }
        catch (Exception)
        {
            // The connection, or the answer about its rights, failed: either way the reader follows again, from where it stands.
            CutOff();
        }
    }

    private async Task<(Frame? Allowed, Passage Passage)> Admit(Frame frame)
    {
        for (var index = 0; index < frame.Events.Count; index++)
        {
            var passage = await gate!(frame.Events[index]);
            if (passage != Passage.Send)
            {
                var count = passage == Passage.SendAsLast ? index + 1 : index;
                return (count == 0 ? null : frame.Until(count), passage);
            }
        }

        return (frame, Passage.Send);
    }
}
