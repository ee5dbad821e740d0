using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace LiveProctor.Bench.Load;

/// <summary>
/// Admission by the program: a student joins over HTTP, opens its page's connection and follows; a proctor's console follows its session and approves.
/// </summary>
/// <param name="server">The node.</param>
/// <param name="token">A proctor's API token.</param>
/// <param name="sessions">Ids and join IDs; the students take turns.</param>
/// <param name="firstStudent">The external id of student 0 is B and this number.</param>
internal sealed class OurAdmission(IPEndPoint server, string token, IReadOnlyList<(string Id, string JoinId)> sessions, int firstStudent) : IAdmission, IDisposable
{
    private readonly ConcurrentBag<HttpDoor> doors = [];
    private readonly ConcurrentBag<LobbyPage> pages = [];
    private readonly ConcurrentDictionary<int, (string Id, long Version)> rows = new();
    private readonly ConcurrentDictionary<int, bool> told = new();
    private readonly List<HubClient> consoles = [];
    private FieldDay? day;

    /// <summary>How long the message of one joined student is on a console.</summary>
    public int MessageLength { get; private set; }

    /// <summary>Everyone's pages, for presence.</summary>
    public IReadOnlyCollection<LobbyPage> Pages => pages;

    /// <summary>Opens the consoles and as many doors as students come at once.</summary>
    public async Task Open(int atOnce)
    {
        consoles.AddRange(await Crew.All(sessions.Count, 16, async number =>
        {
            var console = await HubClient.Connect(server, $"/hubs/dashboard?access_token={token}", Take);
            await console.Invoke("Follow", $"session:{sessions[number].Id}", null);
            return console;
        }));
        foreach (var door in await Crew.All(atOnce, 16, _ => HttpDoor.Open(server)))
        {
            doors.Add(door);
        }
    }

    public async Task Join(FieldDay day, int student)
    {
        this.day = day;
        var door = doors.TryTake(out var free) ? free : await HttpDoor.Open(server);
        var (status, body) = await door.Post(
            "/api/v1/lobby/join",
            $"{{\"joinId\":\"{sessions[student % sessions.Count].JoinId}\",\"studentId\":\"B{firstStudent + student}\",\"firstName\":\"Ada\"}}");
        doors.Add(door);
        if (status != 201)
        {
            throw new InvalidOperationException($"join: {status} {body}");
        }

        using var answer = JsonDocument.Parse(body);
        var page = await LobbyPage.Open(server, answer.RootElement.GetProperty("token").GetString()!, (_, message) =>
        {
            if (message.Span.IndexOf("\"kind\":\"approved\""u8) >= 0)
            {
                Tell(student);
            }
        });
        pages.Add(page);
        if (page.Approved)
        {
            Tell(student);
        }
    }

    public void Approve(FieldDay day, int student)
    {
        var (id, version) = rows[student];
        consoles[student % sessions.Count].Send("Approve", sessions[student % sessions.Count].Id, new { entries = new[] { new { id, version } } });
    }

    public void Dispose()
    {
        consoles.ForEach(console => console.Dispose());
        foreach (var page in pages)
        {
            page.Dispose();
        }

        foreach (var door in doors)
        {
            door.Dispose();
        }
    }

    // Before its page follows, or after: a student learns of its decision once.
    private void Tell(int student)
    {
        if (told.TryAdd(student, true))
        {
            day!.Learned(student);
        }
    }

    private void Take(HubClient console, ReadOnlyMemory<byte> message)
    {
        var rest = message.Span;
        for (var at = rest.IndexOf("\"kind\":\"joined\""u8); at >= 0; at = rest.IndexOf("\"kind\":\"joined\""u8))
        {
            rest = rest[(at + 10)..];
            var student = (int)(Digits.After(rest, "\"externalId\":\"B"u8)! - firstStudent);
            rows[student] = (Digits.TextAfter(rest, "\"entry\":{\"id\":\""u8)!, Digits.After(rest, "\"version\":"u8)!.Value);
            MessageLength = message.Length;
            day!.Shown(student);
        }
    }
}
