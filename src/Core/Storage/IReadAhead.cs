namespace LiveProctor.Core.Storage;

/// <summary>
/// What a command reads before it decides, apart from the command: so that several which share a transaction (<see cref="Turns"/>) read it in one go,
/// as it is once their session is locked.
/// </summary>
internal interface IReadAhead
{
    /// <summary>Two commands that are equal in this could change what the other reads, and never share a transaction.</summary>
    string Apart { get; }

    /// <summary>Reads for several commands of the same kind, this one among them.</summary>
    Task Read(Change change, IReadOnlyList<IReadAhead> all);
}
