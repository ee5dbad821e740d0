namespace LiveProctor.PracticeDelivery.Attempts;

/// <summary>The place where one attempt is taken: its present state, when its student was last heard, and who waits for news.</summary>
public sealed class Desk
{
    const int SequencesAhead = 500;

    readonly Lock gate = new();
    readonly AttemptJournal journal;
    TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long sequence;
    long seenAt;

    public Desk(AttemptJournal journal, Attempt attempt, DateTimeOffset now)
    {
        this.journal = journal;
        Attempt = attempt;
        seenAt = now.UtcTicks;
        sequence = attempt.SequenceReserved;
    }

    /// <summary>The attempt as it is now.</summary>
    public Attempt Attempt { get; private set; }

    /// <summary>When the student's browser was last heard.</summary>
    public DateTimeOffset SeenAt => new(Volatile.Read(ref seenAt), TimeSpan.Zero);

    /// <summary>Ends at the next change. Take it before reading <see cref="Attempt"/>, and no change is missed.</summary>
    public Task Changed
    {
        get
        {
            lock (gate)
            {
                return changed.Task;
            }
        }
    }

    /// <summary>Changes the attempt by a rule. What changed is on the disk before anyone sees it.</summary>
    public Attempt Change(Func<Attempt, Attempt> rule)
    {
        TaskCompletionSource told;
        Attempt after;
        lock (gate)
        {
            after = rule(Attempt);
            if (ReferenceEquals(after, Attempt))
            {
                return after;
            }

            // The hub named a higher one than was used here.
            sequence = after.SequenceReserved > Attempt.SequenceReserved ? after.SequenceReserved : sequence;
            journal.Save(after);
            Attempt = after;
            told = changed;
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        told.SetResult();
        return after;
    }

    /// <summary>The student's browser was heard.</summary>
    public void Hear(DateTimeOffset now)
    {
        Volatile.Write(ref seenAt, now.UtcTicks);
        if (Attempt.Phase == Phase.Away)
        {
            Change(AttemptRules.Return);
        }
    }

    /// <summary>A sequence higher than any used for this attempt, also before a restart.</summary>
    public long NextSequence()
    {
        lock (gate)
        {
            sequence++;
            if (sequence > Attempt.SequenceReserved)
            {
                Attempt = Attempt with { SequenceReserved = sequence + SequencesAhead };
                journal.Save(Attempt);
            }

            return sequence;
        }
    }

    /// <summary>The hub has seen a higher sequence than ours: leaves a gap that it cannot have used.</summary>
    public void SkipSequences()
    {
        lock (gate)
        {
            sequence += SequencesAhead;
        }
    }
}
