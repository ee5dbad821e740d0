using LiveProctor.PracticeDelivery.Attempts;

namespace LiveProctor.PracticeDelivery.Pages;

/// <summary>An attempt as its student may see it. The questions are there only while they are open, and never what is right.</summary>
public sealed record AttemptView
{
    public required Phase Phase { get; init; }
    public string? Reason { get; init; }
    public required string SessionName { get; init; }
    public required string TestTitle { get; init; }
    public required string StudentName { get; init; }
    public required double SecondsLeft { get; init; }

    /// <summary>Whether the clock runs.</summary>
    public required bool Running { get; init; }

    public required int Answered { get; init; }
    public required int Total { get; init; }
    public required int Looking { get; init; }
    public required IReadOnlyList<QuestionView> Questions { get; init; }
    public string? ReturnUrl { get; init; }

    /// <summary>The title of the sealed section that the student waits at.</summary>
    public string? Seal { get; init; }

    /// <summary>Whether the hub has taken everything that it was told.</summary>
    public required bool Delivered { get; init; }

    /// <summary>How many answers were right, once the test is handed in.</summary>
    public int? Right { get; init; }

    /// <summary>What the student sees at this moment.</summary>
    public static AttemptView Of(Attempt attempt, DateTimeOffset now) => new()
    {
        Phase = attempt.Phase,
        Reason = attempt.Reason,
        SessionName = attempt.SessionName,
        TestTitle = attempt.TestTitle,
        StudentName = attempt.StudentName,
        SecondsLeft = Math.Round(attempt.SecondsLeft(now), 3),
        Running = attempt.RunningSince is not null,
        Answered = attempt.Answers.Count,
        Total = PracticeTest.Total,
        Looking = attempt.Looking,
        Questions = attempt.Phase == Phase.Running ? [.. PracticeTest.Questions.Select(question => QuestionView.Of(question, attempt))] : [],
        ReturnUrl = attempt.ReturnUrl,
        Seal = attempt.Phase == Phase.Sealed ? attempt.Seal?.Title : null,
        Delivered = attempt.Outbox.IsEmpty,
        Right = attempt.Phase == Phase.Submitted
            ? PracticeTest.Questions.Count(question => attempt.Answers.TryGetValue(question.Number, out var answer) && answer[0] == question.Right)
            : null,
    };
}

/// <summary>A question with the answer given so far. What stands in a sealed section is not told before it is opened.</summary>
/// <param name="Sealed">True while its section is sealed.</param>
public sealed record QuestionView(int Number, string? Section, bool Sealed, string? Passage, string Text, IReadOnlyList<OptionView> Options, string? Answer)
{
    /// <summary>The question in this attempt.</summary>
    public static QuestionView Of(Question question, Attempt attempt)
    {
        var section = PracticeTest.SectionOf(question.Number, attempt.Sections);
        return attempt.SealOf(question.Number) is not null ? new QuestionView(question.Number, section?.Title, Sealed: true, null, "", [], null) : new QuestionView(
            question.Number,
            section?.Title,
            Sealed: false,
            question.Passage,
            question.Text,
            [.. question.Options.Select((text, index) => new OptionView(((char)('A' + index)).ToString(), text))],
            attempt.Answers.GetValueOrDefault(question.Number));
    }
}

/// <summary>An option: the letter to answer with, and its text.</summary>
public sealed record OptionView(string Letter, string Text);
