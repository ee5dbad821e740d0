using Dapper;

namespace LiveProctor.Core.Storage;

/// <summary>
/// What a change gathers that goes into the same command as what it writes last, so that neither waits for the other.
/// </summary>
internal interface IWriteTogether : IWriteLater
{
    /// <summary>Adds the statements that write what was gathered.</summary>
    void Add(Statements statements, Dialect dialect);

    /// <summary>
    /// Looks at what they answered; throws when something else has come of it than was decided. Where the commit follows in the same command it comes too late:
    /// there the statement itself refuses (<see cref="Dialect.Exactly"/>, or an index).
    /// </summary>
    Task Check(SqlMapper.GridReader answers);
}
