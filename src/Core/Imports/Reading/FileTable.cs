namespace LiveProctor.Core.Imports.Reading;

/// <summary>The cells of a file, before anybody asked what they mean.</summary>
/// <param name="Rows">Those with something in them, in the file's order; the first holds the names of the columns.</param>
/// <param name="Remarks">What the manager should know about the file as a whole.</param>
internal sealed record FileTable(IReadOnlyList<FileRow> Rows, IReadOnlyList<string> Remarks);

/// <summary>A row of the file.</summary>
/// <param name="Line">Its number as a spreadsheet program shows it, from 1.</param>
internal sealed record FileRow(long Line, IReadOnlyList<string> Cells)
{
    /// <summary>Why the row cannot be taken, whatever it means.</summary>
    public IReadOnlyList<string> Wrong { get; init; } = [];

    public IReadOnlyList<string> Remarks { get; init; } = [];

    public bool IsEmpty => Cells.All(string.IsNullOrWhiteSpace) && Wrong.Count == 0;
}

/// <summary>What every reader holds to, so that no file costs more than it is worth.</summary>
internal static class FileLimits
{
    /// <summary>Of the file as it is sent.</summary>
    public const int Bytes = 10 * 1024 * 1024;

    /// <summary>With something in them, without the names of the columns.</summary>
    public const int Rows = 10_000;

    /// <summary>Of a cell; what a spreadsheet program allows.</summary>
    public const int Characters = 32_767;

    /// <summary>Of a sheet that are looked at; what lies further right is none of a template's.</summary>
    public const int Columns = 200;
}
