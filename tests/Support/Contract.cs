using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LiveProctor.TestSupport;

/// <summary>
/// The frozen contracts in <c>tests/Contracts</c>: what travels, to the letter. With <c>WRITE_CONTRACTS=1</c> in the environment
/// they are written anew, otherwise a difference fails.
/// </summary>
public static class Contract
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>True when the contracts are to be written instead of compared.</summary>
    public static bool Writing => Environment.GetEnvironmentVariable("WRITE_CONTRACTS") == "1";

    /// <summary>Where they lie.</summary>
    public static string Folder { get; } = Path.Combine(Root(new DirectoryInfo(AppContext.BaseDirectory)), "tests", "Contracts");

    /// <summary>What the contract says and what is said now; the two must be equal.</summary>
    /// <param name="name">The file's name without its end.</param>
    /// <param name="json">What is said now; it is compared and kept with every member on a line of its own.</param>
    public static (string Frozen, string Now) Compare(string name, string json)
    {
        var now = JsonNode.Parse(json)!.ToJsonString(Readable) + "\n";
        var file = Path.Combine(Folder, $"{name}.json");
        if (Writing)
        {
            File.WriteAllText(file, now);
        }

        return (File.ReadAllText(file), now);
    }

    private static string Root(DirectoryInfo folder) => File.Exists(Path.Combine(folder.FullName, "LiveProctor.sln"))
        ? folder.FullName
        : Root(folder.Parent ?? throw new DirectoryNotFoundException("The tests do not lie within the repository."));
}
