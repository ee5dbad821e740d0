using Dapper;

namespace LiveProctor.Core.Storage;

/// <summary>
/// What a command reads before it decides, apart from the command: so that it is asked for in the same command of the database that locks the session, and
/// once for several which share a transaction (<see cref="Turns"/>).
/// </summary>
internal interface IReadAhead
{
    /// <summary>Two commands that are equal in this could change what the other reads, and never share a transaction.</summary>
    string Apart { get; }

    /// <summary>Adds the questions of several commands of the same kind, this one among them. They are answered as it is once the sessions are locked.</summary>
    void Ask(Statements ask, Dialect dialect, IReadOnlyList<IReadAhead> all);

    /// <summary>Reads what was answered to them.</summary>
    Task Take(Change change, SqlMapper.GridReader answers, IReadOnlyList<IReadAhead> all);
}
