namespace LiveProctor.PracticeDelivery.Hub;

// The shapes of docs/protocol.md section 7, as this delivery system uses them.

/// <summary>What redeeming an entry token answers.</summary>
public sealed record Redeemed
{
    public required string EntryId { get; init; }
    public required int Attempt { get; init; }
    public required string SessionId { get; init; }
    public required string SessionName { get; init; }
    public required RedeemedTest Test { get; init; }
    public required RedeemedStudent Student { get; init; }
    public required double SecondsLeft { get; init; }
    public bool Resumed { get; init; }
    public long LastSequence { get; init; }
    public string? ReturnUrl { get; init; }
}

/// <summary>The test of a redeemed token.</summary>
public sealed record RedeemedTest
{
    public required string Code { get; init; }
    public required string Title { get; init; }
    public IReadOnlyList<Section> Sections { get; init; } = [];
}

/// <summary>A section of the test.</summary>
public sealed record Section
{
    public required string Title { get; init; }
    public bool Sealed { get; init; }
}

/// <summary>The student of a redeemed token.</summary>
public sealed record RedeemedStudent
{
    public required string Name { get; init; }
}

/// <summary>A progress report.</summary>
public sealed record Progress
{
    public required string EntryId { get; init; }
    public required int Attempt { get; init; }
    public required long Sequence { get; init; }
    public required string Kind { get; init; }
    public int? Answered { get; init; }
    public int? Total { get; init; }
    public string? Section { get; init; }
    public string? CommandId { get; init; }
}

/// <summary>What a progress report answers: the entry's state at the hub.</summary>
public sealed record ProgressAnswer
{
    public required string State { get; init; }
    public bool Accepted { get; init; }

    /// <summary>A command that is not confirmed yet: often sooner here than by listening.</summary>
    public Command? PendingCommand { get; init; }
}

/// <summary>A command from the proctor: <c>pause</c>, <c>resume</c>, <c>extend</c>, <c>terminate</c> or <c>releaseSeal</c>.</summary>
public sealed record Command
{
    public required string Id { get; init; }
    public required string EntryId { get; init; }
    public required int Attempt { get; init; }
    public required string Kind { get; init; }
    public double? Seconds { get; init; }
    public string? Reason { get; init; }

    /// <summary>The section that a <c>releaseSeal</c> opens.</summary>
    public string? Section { get; init; }
}

/// <summary>A batch of commands, and where to go on from.</summary>
public sealed record CommandBatch
{
    public IReadOnlyList<Command> Commands { get; init; } = [];
    public System.Text.Json.JsonElement? Next { get; init; }
}

/// <summary>Why the hub did not do what was asked.</summary>
public sealed record HubProblem
{
    /// <summary>The hub's code, or <c>hubAway</c> when it could not be reached, or <c>keyRefused</c>.</summary>
    public required string Code { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Detail { get; init; }

    /// <summary>Whether the same call may succeed later.</summary>
    public required bool Retry { get; init; }

    /// <summary>How long the hub asks to wait before that.</summary>
    public TimeSpan? After { get; init; }
}

/// <summary>The hub's answer: exactly one of the value and the problem.</summary>
public readonly record struct HubReply<T>(T? Value, HubProblem? Problem) where T : class;
