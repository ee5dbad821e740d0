namespace LiveProctor.Core.Storage;

/// <summary>
/// Rows that a change gathers while it decides and writes in one statement: before its next statement of any other kind, so that nothing reads without
/// them, and at the latest when it ends. Kept by <see cref="Change.Later{T}"/>. Never what <see cref="Change.Known{T}"/> keeps.
/// </summary>
internal interface IWriteLater
{
    /// <summary>Writes what was gathered.</summary>
    Task Write(Change change);

    /// <summary>Adds what another change gathered after this.</summary>
    void Take(IWriteLater later);
}
