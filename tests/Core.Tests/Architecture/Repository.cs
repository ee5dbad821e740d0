namespace LiveProctor.Core.Tests.Architecture;

/// <summary>The sources that the tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] Generated = ["bin", "obj", "node_modules", "dist", "wwwroot"];

    /// <summary>The folder that holds LiveProctor.sln.</summary>
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>Files that somebody wrote, by their path from the root.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Intersect(Generated, StringComparer.Ordinal).Any());

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static string Find(DirectoryInfo folder) => File.Exists(Path.Combine(folder.FullName, "LiveProctor.sln"))
        ? folder.FullName
        : Find(folder.Parent ?? throw new DirectoryNotFoundException("The tests do not lie within the repository."));
}
