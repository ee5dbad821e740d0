using System.Collections.Concurrent;
using LiveProctor.Bench.Yardsticks;

namespace LiveProctor.Bench.Load;

/// <summary>
/// The same traffic through a yardstick that pushes: a student's message reaches its console, the student opens a connection of its own,
/// and the console's answer reaches it.
/// </summary>
/// <param name="connect">Opens a connection to the yardstick.</param>
/// <param name="consoles">How many consoles; the students take turns.</param>
/// <param name="keeps">With a durable insert and a publish before each push; otherwise the push alone.</param>
/// <param name="length">Of a message.</param>
internal sealed class BareAdmission(Func<Task<IPushClient>> connect, int consoles, bool keeps, int length) : IAdmission, IDisposable
{
    private readonly ConcurrentBag<IPushClient> doors = [];
    private readonly ConcurrentDictionary<int, IPushClient> students = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource> waiting = new();
    private IReadOnlyList<IPushClient> desks = [];
    private FieldDay? day;

    public async Task Open(int atOnce)
    {
        desks = await Crew.All(consoles, 16, async number =>
        {
            var desk = await connect();
            desk.Pushed = message => day!.Shown((int)Digits.After(message.Span, "#"u8)!);
            await desk.Register($"console{number}", hears: false);
            return desk;
        });
        foreach (var door in await Crew.All(atOnce, 16, _ => connect()))
        {
            doors.Add(door);
        }
    }

    public async Task Join(FieldDay day, int student)
    {
        this.day = day;
        var ready = waiting.GetOrAdd(student, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var door = doors.TryTake(out var free) ? free : await connect();
        Send(door, $"console{student % consoles}", student);
        doors.Add(door);
        var page = await connect();
        page.Pushed = _ => day.Learned(student);
        await page.Register($"student{student}", hears: false);
        students[student] = page;
        ready.SetResult();
    }

    public void Approve(FieldDay day, int student) => _ = Decide(student);

    public void Dispose()
    {
        foreach (var client in desks.Concat(doors).Concat(students.Values))
        {
            client.Dispose();
        }
    }

    private async Task Decide(int student)
    {
        await waiting.GetOrAdd(student, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        Send(desks[student % consoles], $"student{student}", student);
    }

    private void Send(IPushClient from, string target, int student)
    {
        var payload = $"#{student} ".PadRight(length, 'x');
        if (keeps)
        {
            from.Keep(target, payload);
        }
        else
        {
            from.Relay(target, payload);
        }
    }
}
