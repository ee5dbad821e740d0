using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LiveProctor.PracticeDelivery.Attempts;

/// <summary>The attempts on disk, a JSON file each. A file is always whole: it is written beside and then put in place.</summary>
public sealed class AttemptJournal
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    readonly string folder;
    readonly ILogger<AttemptJournal> log;

    public AttemptJournal(IConfiguration configuration, IHostEnvironment environment, ILogger<AttemptJournal> log)
    {
        this.log = log;
        folder = Path.Combine(environment.ContentRootPath, configuration["DataDirectory"] ?? "data", "attempts");
        Directory.CreateDirectory(folder);
    }

    /// <summary>Writes an attempt; when this returns it is on the disk.</summary>
    public void Save(Attempt attempt)
    {
        var path = PathOf(attempt);
        var beside = path + ".new";
        using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(file, attempt, Json);
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }

    /// <summary>Every attempt on the disk. Those that are over, reported and older than <paramref name="keepSince"/> are deleted instead.</summary>
    public IReadOnlyList<Attempt> Load(DateTimeOffset keepSince)
    {
        var attempts = new List<Attempt>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.json"))
        {
            if (Read(path) is not { } attempt)
            {
                continue;
            }

            if (attempt.Outbox.IsEmpty && attempt.EndedAt < keepSince)
            {
                File.Delete(path);
            }
            else
            {
                attempts.Add(attempt);
            }
        }

        return attempts;
    }

    Attempt? Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize<Attempt>(file, Json);
        }
        catch (JsonException e)
        {
            log.LogError(e, "{Path} cannot be read; it is left where it is and its attempt is not continued.", path);
            return null;
        }
    }

    // Ids are opaque and could hold anything; a hash is always a file name.
    string PathOf(Attempt attempt) => Path.Combine(
        folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{attempt.EntryId}\n{attempt.Number}"))) + ".json");
}
