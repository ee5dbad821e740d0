namespace LiveProctor.Core.Rehearsals;

/// <summary>How one simulated student behaves. What is counted in questions happens when so many are answered.</summary>
internal sealed record StudentScript(string Name, TimeSpan ArrivesAfter)
{
    /// <summary>Thirty: a class.</summary>
    public const int ClassSize = 30;

    private const int Rush = 15;

    private static readonly string[] Names =
    [
        "Ada", "Amir", "Bea", "Carlos", "Chloé", "Dmitri", "Elif", "Emma", "Fatou", "Felix", "Grace", "Hugo", "Ines", "Jonas", "Kofi",
        "Lena", "Luca", "Maya", "Mei", "Nils", "Noor", "Oskar", "Priya", "Rosa", "Samir", "Sofia", "Tariq", "Uma", "Viktor", "Zoë",
    ];

    /// <summary>Gives up waiting in the lobby.</summary>
    public bool Withdraws { get; init; }

    /// <summary>Comes back to the lobby after giving up.</summary>
    public bool ComesBack { get; init; }

    /// <summary>Opens the lobby on a second device.</summary>
    public bool SecondDevice { get; init; }

    /// <summary>Says this in the lobby; null when silent.</summary>
    public string? LobbyWords { get; init; }

    public int? RaisesHandAt { get; init; }

    public (int At, string Words)? Says { get; init; }

    /// <summary>Loses the connection for longer than a test bears.</summary>
    public int? DropsOffAt { get; init; }

    /// <summary>Closes the test's page for a while.</summary>
    public int? LeavesAt { get; init; }

    /// <summary>Confirms commands only when they are overdue.</summary>
    public bool SlowToConfirm { get; init; }

    /// <summary>The class. Half of it arrives in a rush, and whoever behaves in a way that is worth seeing is among those.</summary>
    public static IReadOnlyList<StudentScript> Class(Random random)
    {
        var names = Names.ToArray();
        random.Shuffle(names);
        return [.. names.Select((name, index) => Behaving(index, random, new StudentScript($"{name} (simulated)", Arrival(index, random))))];
    }

    private static TimeSpan Arrival(int index, Random random) =>
        TimeSpan.FromSeconds(index < Rush ? 0.5 + 3.5 * random.NextDouble() : 4 + 31 * random.NextDouble());

    private static StudentScript Behaving(int index, Random random, StudentScript script) => index switch
    {
        0 => script with { Withdraws = true, ComesBack = true },
        1 => script with { Withdraws = true },
        2 => script with { SecondDevice = true },
        3 => script with { LobbyWords = "May we use a calculator?" },
        4 or 5 or 6 => script with { RaisesHandAt = random.Next(2, 5) },
        7 => script with { Says = (random.Next(2, 5), "The picture in this question is very small.") },
        8 => script with { Says = (random.Next(4, 8), "There is a lot of noise outside.") },
        9 or 10 => script with { DropsOffAt = random.Next(3, 7) },
        11 => script with { LeavesAt = random.Next(3, 7) },
        12 => script with { SlowToConfirm = true },
        _ => script,
    };
}
