using LiveProctor.Bench.Results;

namespace LiveProctor.Bench.Scenarios;

/// <summary>The scenarios by name, in the order in which they are run.</summary>
internal static class Catalogue
{
    private static readonly IReadOnlyList<(string Name, string Title, Func<Setting, Report, Task> Run)> All =
    [
        ("admit", "P1 admit: joins and approvals as in the field", Admit.Run),
        ("rush", "P2 rush: joins a second", Rush.Run),
        ("bell", "P3 bell: everyone waiting gets it", Bell.Run),
        ("idle", "P4 idle: memory of a waiting student", Idle.Run),
        ("resume", "P5 resume: a node is killed", Resume.Run),
        ("list", "P6 list: a page of the session list", List.Run),
        ("timers", "P7 timers: sessions that open at one instant", Timers.Run),
        ("board", "P8 board: a console opens", Board.Run),
        ("import", "P9 import: rows of a spreadsheet", Import.Run),
        ("polling", "P10 polling: the same job by polling", Polling.Run),
        ("page", "P11 lobby page: bytes until it works", LobbyWeight.Run),
        ("clients", "The load generator's client beside the official one", Clients.Run),
    ];

    public static IEnumerable<string> Names => All.Select(scenario => scenario.Name);

    public static string Title(string name) => All.First(scenario => scenario.Name == name).Title;

    /// <summary>The scenarios of a list such as <c>bell,idle</c> or <c>all</c>.</summary>
    /// <exception cref="ArgumentException">There is no such scenario.</exception>
    public static IReadOnlyList<(string Name, string Title, Func<Setting, Report, Task> Run)> Choose(string list)
    {
        var wanted = list == "all" ? [.. Names] : list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return wanted.FirstOrDefault(name => !Names.Contains(name, StringComparer.Ordinal)) is { } unknown
            ? throw new ArgumentException($"There is no scenario {unknown}: there are {string.Join(", ", Names)}.", nameof(list))
            : [.. All.Where(scenario => wanted.Contains(scenario.Name, StringComparer.Ordinal))];
    }
}
