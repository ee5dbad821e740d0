using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Entries;

/// <summary>
/// Sealed sections (product.md section 4). The delivery system reports that a student reached one; only a release leads on, by the proctor or by the
/// section's code, and the delivery system confirms it. Its own position does not: who holds the test does not hold the seal.
/// </summary>
public static partial class EntryRules
{
    /// <summary>Opens the sealed section that the student waits at.</summary>
    /// <param name="source">Proctor, or Student for one who typed the section's code.</param>
    public static Result<EntryStep> ReleaseSeal(Entry entry, Session session, CommandSource source, string commandId, DateTimeOffset now)
    {
        if (EntryTransitions.After(entry.State, EntryMove.ReleaseSeal) is null)
        {
            return new Problem(ProblemKind.WrongState, $"The entry {Is(entry.State)}; no seal is before it.");
        }

        if (WhyNoRelease(session, source) is { } problem)
        {
            return problem;
        }

        // Only a delivery system reports seals, so there is one to confirm the command.
        return Request(entry, CommandKind.ReleaseSeal, source, null, null, commandId, now).Then(step => step with
        {
            Next = step.Next with { Pending = step.Next.Pending! with { Section = string.IsNullOrEmpty(entry.Seal) ? null : entry.Seal } },
        });
    }

    // A hold holds seals too. After the close it is the proctor's word that leads on, unless everyone may finish.
    private static Problem? WhyNoRelease(Session session, CommandSource source) => session.Phase switch
    {
        SessionPhase.Open => null,
        SessionPhase.Held => new Problem(ProblemKind.SessionHeld, source == CommandSource.Student
            ? "Your proctor has paused everyone for a moment."
            : "Everyone is paused. Release the session first."),
        SessionPhase.Draining when source == CommandSource.Proctor || session.Profile.CloseRule == CloseRule.Finish => null,
        _ => new Problem(ProblemKind.WindowClosed, "The window is closed."),
    };

    private static Result<EntryStep> ReachedSeal(Entry entry, string? section, DateTimeOffset now)
    {
        var seal = section ?? entry.Test.Sections.FirstOrDefault(one => one.Sealed)?.Title ?? "";
        return entry.State == EntryState.AtSeal
            ? Changed(entry, entry with { Seal = seal }, "atSeal")
            : Move(entry, EntryMove.ReachSeal, "atSeal", now, next => next with { Seal = seal });
    }
}
