using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>
/// The recorded cases of the law: <c>tests/Contracts/law/*.json</c>, which the pages' reducers are tested with as well.
/// With <c>WRITE_CONTRACTS=1</c> they are written, otherwise compared to the letter. What is random is replaced: ids by their order, secrets by fixed ones.
/// </summary>
internal sealed partial class LawFixtures
{
    private static readonly JsonSerializerOptions Plain = new(Json.Options) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SortedDictionary<string, string> files = new(StringComparer.Ordinal);

    private static string Folder { get; } = Path.Combine(Contract.Folder, "law");

    /// <summary>Records what one use case changed.</summary>
    public void Take(string name, IReadOnlyList<LawChange> changes)
    {
        Assert.True(changes.Count > 0, $"Nothing happened at “{name}”.");
        var text = new StringBuilder().Append("{\n  \"name\": ").Append(Write(name)).Append(",\n  \"feeds\": [");
        var first = true;
        foreach (var change in changes.Where(change => !change.Feed.StartsWith("proctor:", StringComparison.Ordinal)))
        {
            text.Append(first ? "" : ",").Append("\n    {\n      \"feed\": ").Append(Write(FollowedAs(change.Feed)))
                .Append(",\n      \"before\": ").Append(change.Before is null ? "null" : Write(Steady(Touched(change.Before, change))))
                .Append(",\n      \"events\": [")
                .AppendJoin(",", change.Events.Select(item => $"\n        {Write(new { item.Seq, item.Kind, item.At, data = Steady(JsonNode.Parse(item.Data)!) })}"))
                .Append("\n      ],\n      \"after\": ").Append(Write(Steady(Touched(change.After, change)))).Append("\n    }");
            first = false;
        }

        text.Append("\n  ]\n}\n");
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        Assert.True(
            files.TryAdd($"{name}.json", RandomId().Replace(text.ToString(), id => ids.TryGetValue(id.Value, out var known) ? known : ids[id.Value] = $"id-{ids.Count + 1}")),
            $"Two cases are called “{name}”.");
    }

    /// <summary>Compares everything recorded with the files; each file must have been recorded.</summary>
    public void Check()
    {
        if (Contract.Writing)
        {
            Directory.CreateDirectory(Folder);
            foreach (var old in Directory.GetFiles(Folder, "*.json"))
            {
                File.Delete(old);
            }

            foreach (var (name, text) in files)
            {
                File.WriteAllText(Path.Combine(Folder, name), text);
            }
        }

        Assert.Equal(Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal), files.Keys);
        foreach (var (name, text) in files)
        {
            Assert.Equal(File.ReadAllText(Path.Combine(Folder, name)), text);
        }
    }

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, Plain);

    private static string FollowedAs(string feed) => feed[..feed.IndexOf(':', StringComparison.Ordinal)] switch
    {
        "entry" => "me",
        var kind => kind,
    };

    // Of the session list only the rows that the events speak of: the others stay as they are.
    private static JsonObject Touched(JsonObject state, LawChange change)
    {
        var copy = state.DeepClone().AsObject();
        if (copy["rows"] is JsonObject rows)
        {
            var ids = change.Events.Select(item => JsonNode.Parse(item.Data)!)
                .SelectMany(data => data["removed"] is { } removed ? [(string)removed!] : Law.RowsOf(data).Select(row => (string)row["id"]!));
            rows.Select(row => row.Key).Except(ids, StringComparer.Ordinal).ToList().ForEach(id => rows.Remove(id));
        }

        return copy;
    }

    private static JsonNode Steady(JsonNode node)
    {
        var copy = node.DeepClone();
        Replace(copy);
        return copy;
    }

    private static void Replace(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray array:
                array.ToList().ForEach(Replace);
                break;
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    if (name is "password" or "joinId" or "joinLink")
                    {
                        members[name] = name switch { "password" => "WILLOW-42", "joinId" => "K7QM-3XPA", _ => "/j/secret" };
                    }
                    else
                    {
                        Replace(value);
                    }
                }

                break;
        }
    }

    [GeneratedRegex("[0-9a-f]{32}", RegexOptions.None, 1000)]
    private static partial Regex RandomId();
}
