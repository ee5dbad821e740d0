using LiveProctor.Core.Imports.Reading;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Imports.Kinds;

/// <summary>What the rows of one kind of file mean.</summary>
internal interface IRowKind
{
    /// <summary>The template's columns, in its order.</summary>
    IReadOnlyList<ImportColumn> Columns { get; }

    /// <summary>How many rows are judged or written in one transaction. The more, the less each costs, and the longer others wait for what it has locked.</summary>
    int AtOnce { get; }

    /// <summary>What the row is about, for people.</summary>
    string Subject(IReadOnlyDictionary<string, string> cells);

    /// <summary>What two rows of a file must not share; empty when the row does not say.</summary>
    string Key(IReadOnlyDictionary<string, string> cells);

    /// <summary>Judges the rows against what is true in the change; with <paramref name="apply"/> also writes those whose preview still holds (<see cref="ImportRules.AtApply"/>).</summary>
    /// <returns>A verdict a row, in their order.</returns>
    Task<IReadOnlyList<RowVerdict>> Run(Change change, Import import, IReadOnlyList<ImportRow> rows, bool apply);
}
