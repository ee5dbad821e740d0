using LiveProctor.PracticeDelivery.Hub;

namespace LiveProctor.PracticeDelivery;

/// <summary>A question with its options, of which one is right. Numbered from 1; options are called A, B, C, D.</summary>
public sealed record Question(int Number, string? Passage, string Text, IReadOnlyList<string> Options, char Right)
{
    /// <summary>Whether the letter names one of the options.</summary>
    public bool Offers(string? answer) => answer is [var letter] && letter >= 'A' && letter < 'A' + Options.Count;
}

/// <summary>The ten questions, the same for everyone.</summary>
public static class PracticeTest
{
    const string Garden = "The class planted beans in March. By May the plants were taller than the fence, so Mr Okoro tied them to long poles. In June the children counted forty pods and shared them at lunch.";
    const string Ferry = "The first ferry leaves the island at 07:40. On Sundays it leaves an hour later. The crossing takes 25 minutes, and dogs travel free.";

    /// <summary>The questions in order.</summary>
    public static IReadOnlyList<Question> Questions { get; } =
    [
        new(1, null, "What is 38 + 47?", ["75", "85", "86", "95"], 'B'),
        new(2, null, "What is 9 × 7?", ["54", "56", "63", "72"], 'C'),
        new(3, null, "Which number is the largest?", ["0.5", "0.45", "0.405", "0.054"], 'A'),
        new(4, null, "Three notebooks cost 4.50. What do five cost?", ["6.00", "6.75", "7.00", "7.50"], 'D'),
        new(5, null, "What comes next: 2, 5, 11, 23, …?", ["35", "46", "47", "48"], 'C'),
        new(6, Garden, "Why did Mr Okoro use poles?", ["The fence had broken", "The plants had grown tall", "The pods were too heavy to eat", "It was a windy month"], 'B'),
        new(7, Garden, "When were the beans eaten?", ["In March", "In April", "In May", "In June"], 'D'),
        new(8, Ferry, "When does the first ferry leave on a Sunday?", ["06:40", "07:40", "08:40", "09:40"], 'C'),
        new(9, Ferry, "When does Monday's first ferry arrive?", ["08:05", "08:15", "08:25", "09:05"], 'A'),
        new(10, null, "Which sentence is a question?", ["Close the window, please.", "The window is open.", "Who opened the window?", "What a large window!"], 'C'),
    ];

    /// <summary>How many questions there are.</summary>
    public static int Total => Questions.Count;

    /// <summary>The question of that number, if there is one.</summary>
    public static Question? Find(int number) => number >= 1 && number <= Total ? Questions[number - 1] : null;

    /// <summary>The section that a question stands in: the questions are dealt to the sections in order and as evenly as it goes.</summary>
    public static Section? SectionOf(int number, IReadOnlyList<Section> sections) =>
        sections.Count == 0 ? null : sections[(number - 1) * sections.Count / Total];
}
