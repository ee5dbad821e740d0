namespace LiveProctor.Bench.Running;

/// <summary>Where things lie in the source tree that the bench was built from.</summary>
internal static class Places
{
    /// <summary>The top of the source tree.</summary>
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>The program's project folder, which its pages are served from.</summary>
    public static string Web { get; } = Path.Combine(Root, "src", "Web");

    /// <summary>Where the program is published to.</summary>
    public static string Published { get; } = Path.Combine(Root, "bench", "bin", "published");

    /// <summary>The published program.</summary>
    public static string Program { get; } = Path.Combine(Published, "LiveProctor.Web.dll");

    /// <summary>The runtime settings that the program runs with. Yardsticks run with the same.</summary>
    public static string RuntimeSettings { get; } = Path.ChangeExtension(Program, ".runtimeconfig.json");

    /// <summary>The yardsticks in JavaScript.</summary>
    public static string Yardsticks { get; } = Path.Combine(Root, "bench", "Yardsticks");

    private static string Find(DirectoryInfo folder) => File.Exists(Path.Combine(folder.FullName, "LiveProctor.sln"))
        ? folder.FullName
        : Find(folder.Parent ?? throw new DirectoryNotFoundException("The bench does not lie within the source tree."));
}
