namespace LiveProctor.Bench.Running;

/// <summary>Where things lie in the source tree that the bench was built from.</summary>
internal static class Places
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    /// <summary>The top of the source tree.</summary>
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>The program's project folder, which its pages are served from.</summary>
    public static string Web { get; } = Path.Combine(Root, "src", "Web");

    /// <summary>The built program.</summary>
    public static string Program { get; } = Path.Combine(Web, "bin", Configuration, "net10.0", "LiveProctor.Web.dll");

    /// <summary>The runtime settings that the program runs with. Yardsticks run with the same.</summary>
    public static string RuntimeSettings { get; } = Path.ChangeExtension(Program, ".runtimeconfig.json");

    /// <summary>The yardsticks in JavaScript.</summary>
    public static string Yardsticks { get; } = Path.Combine(Root, "bench", "Yardsticks");

    private static string Find(DirectoryInfo folder) => File.Exists(Path.Combine(folder.FullName, "LiveProctor.sln"))
        ? folder.FullName
        : Find(folder.Parent ?? throw new DirectoryNotFoundException("The bench does not lie within the source tree."));
}
