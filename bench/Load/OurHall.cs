using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveProctor.Bench.Running;

namespace LiveProctor.Bench.Load;

/// <summary>Everyone who waits in the lobby of one session, each following its feeds, and the manager who opens it.</summary>
internal sealed class OurHall : IDisposable
{
    private readonly World world;
    private readonly LobbyPage?[] pages;
    private readonly Timer pings;
    private readonly HttpDoor manager;
    private JsonNode session;
    private int nextPing;

    private OurHall(World world, HttpDoor manager, JsonNode session, int count)
    {
        this.world = world;
        this.manager = manager;
        this.session = session;
        pages = new LobbyPage?[count];
        Hall = new Hall(count);
        pings = new Timer(_ => Ping());
    }

    public Hall Hall { get; }

    /// <summary>How long the message is that the bell brings.</summary>
    public int MessageLength { get; private set; }

    /// <summary>Takes the number of a student and what its page is pushed.</summary>
    public Action<int, ReadOnlyMemory<byte>>? Pushed { get; set; }

    public IReadOnlyList<LobbyPage?> Pages => pages;

    public IReadOnlyList<string> Tokens { get; private set; } = [];

    /// <summary>Makes a session with so many waiting students; they are connected by <see cref="Enter"/>.</summary>
    /// <remarks>There must be as many students, and none of them in another session.</remarks>
    public static async Task<OurHall> Make(World world, int count)
    {
        var made = await world.Session($"Hall of {count}");
        return new OurHall(world, await HttpDoor.Open(world.Node.Address), made, count) { Tokens = await world.Entries(made, count) };
    }

    /// <summary>Connects everybody who is not connected.</summary>
    public Task Enter(IPEndPoint server, int atOnce) => Crew.All(pages.Length, atOnce, async number => pages[number] = await Enter(server, number, null, null));

    /// <summary>Connects one, from where it stood.</summary>
    public async Task<LobbyPage> Enter(IPEndPoint server, int number, Held? lobby, Held? me) =>
        pages[number] = await LobbyPage.Open(server, Tokens[number], (_, message) => Take(number, message), lobby, me);

    /// <summary>Everyone's presence from now on, each about every three seconds, evenly spread.</summary>
    public void KeepPinging() => pings.Change(TimeSpan.Zero, TimeSpan.FromMilliseconds(30));

    /// <summary>Opens the window.</summary>
    public Task<double> Open() => Hall.Ring(async () => Take(await manager.Post($"/api/v1/sessions/{session["id"]}/open", "{}", world.Token)));

    /// <summary>Changes the session's note, of which every page gets the whole lobby anew.</summary>
    /// <param name="door">Through which node; the first when left out.</param>
    /// <param name="expected">How many are connected; everybody when left out.</param>
    public Task<double> Edit(HttpDoor? door = null, int? expected = null)
    {
        var version = session["version"]!.GetValue<long>();
        var json = JsonSerializer.Serialize(new
        {
            name = session["name"], mode = session["mode"], opensAt = session["opensAt"], closesAt = session["closesAt"],
            timeZone = session["timeZone"], tests = new[] { "BENCH" }, startMode = session["startMode"], note = $"Note {version}",
        });
        return Hall.Ring(async () => Take(await (door ?? manager).Put($"/api/v1/sessions/{session["id"]}", json, version, world.Token)), expected);
    }

    public void Dispose()
    {
        pings.Dispose();
        manager.Dispose();
        foreach (var page in pages)
        {
            page?.Dispose();
        }
    }

    private void Take((int Status, string Body) answer) =>
        session = answer.Status == 200 ? JsonNode.Parse(answer.Body)! : throw new InvalidOperationException($"{answer.Status} {answer.Body}");

    // A hundredth of them at a time.
    private void Ping()
    {
        var turn = Interlocked.Increment(ref nextPing) % 100;
        for (var number = turn; number < pages.Length; number += 100)
        {
            pages[number]?.Ping();
        }
    }

    private void Take(int number, ReadOnlyMemory<byte> message)
    {
        if (message.Span.IndexOf("\"feed\":\"lobby\",\"epoch\""u8) is >= 0 and < 60 && message.Span.IndexOf("\"target\":\"Feed\""u8) is >= 0 and < 30)
        {
            MessageLength = message.Length;
            Pushed?.Invoke(number, message);
            Hall.Hear();
        }
    }
}
