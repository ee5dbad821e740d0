using System.Diagnostics;

namespace LiveProctor.Bench.Load;

/// <summary>One way to admit students: the program, or a yardstick. It says back what it sees by <see cref="FieldDay.Shown"/> and <see cref="FieldDay.Learned"/>.</summary>
internal interface IAdmission
{
    /// <summary>The student comes in, and waits for the decision.</summary>
    Task Join(FieldDay day, int student);

    /// <summary>The proctor lets the student in, who is on the console.</summary>
    void Approve(FieldDay day, int student);
}

/// <summary>
/// The field's load: students come at random, over sessions in turn, and each is approved a while later. Measured are join → console and approve → student,
/// from the time at which each was meant to happen.
/// </summary>
internal sealed class FieldDay(int students, double perSecond, TimeSpan? patience = null)
{
    private static readonly TimeSpan Thinking = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly long[] joined = new long[students];
    private readonly long[] approved = new long[students];
    private readonly int[] steps = new int[students];
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IAdmission admission = null!;
    private int learned;

    /// <summary>Join → console.</summary>
    public Latencies Seen { get; } = new(students);

    /// <summary>Approve → student.</summary>
    public Latencies Decided { get; } = new(students);

    /// <summary>How many were never shown or never learned of their decision.</summary>
    public int Missing => students - Decided.Count;

    /// <summary>The first thing that went wrong.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Runs the day to its end.</summary>
    public async Task Run(IAdmission with)
    {
        admission = with;
        var coming = Pace.Moments(students, perSecond);
        var joins = Pace.At(coming, (student, intended) =>
        {
            joined[student] = intended;
            _ = Join(student);
        });
        var approvals = Pace.At([.. coming.Select(moment => moment + Thinking)], (student, intended) =>
        {
            approved[student] = intended;
            Step(student);
        });
        await Task.WhenAll(joins, approvals);
        await Task.WhenAny(over.Task, Task.Delay(patience ?? Patience, TimeProvider.System));
        if (Fault is not null)
        {
            Console.Error.WriteLine($"  {Fault.Message}");
        }
    }

    /// <summary>The console shows the student.</summary>
    public void Shown(int student)
    {
        Seen.Since(joined[student]);
        Step(student);
    }

    /// <summary>The student knows the decision.</summary>
    public void Learned(int student)
    {
        Decided.Since(approved[student]);
        if (Interlocked.Increment(ref learned) == students)
        {
            over.TrySetResult();
        }
    }

    private async Task Join(int student)
    {
        try
        {
            await admission.Join(this, student);
        }
        catch (OperationCanceledException)
        {
            // The day is over.
        }
        catch (Exception fault) when (fault is IOException or InvalidOperationException or System.Net.Sockets.SocketException)
        {
            Fault ??= fault;
        }
    }

    // A student is approved when both hold: its row is on the console, and its time has come.
    private void Step(int student)
    {
        if (Interlocked.Increment(ref steps[student]) == 2)
        {
            admission.Approve(this, student);
        }
    }
}
