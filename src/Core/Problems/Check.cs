using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace LiveProctor.Core.Problems;

/// <summary>
/// Collects what is wrong with an input, field by field, so that all of it is told at once. Each reading answers the value to go on with;
/// it counts only when <see cref="Failed"/> is false in the end. Fields are named as on the wire, in camelCase.
/// </summary>
public sealed class Check
{
    // Unicode has no others (category Cc).
    private static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(char.IsControl)]);
    private static readonly SearchValues<char> ControlsInLines =
        SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t'))]);

    private readonly List<(string Field, string Sentence)> errors = [];

    /// <summary>True, with everything collected, when anything is wrong.</summary>
    public bool Failed([NotNullWhen(true)] out Problem? problem)
    {
        problem = errors.Count == 0 ? null : Problem.Invalid([.. errors]);
        return problem is not null;
    }

    /// <summary>Adds a sentence about a field.</summary>
    public void Add(string field, string sentence) => errors.Add((field, sentence));

    /// <summary>Adds the sentence unless the condition holds.</summary>
    public void That(bool holds, string field, string sentence)
    {
        if (!holds)
        {
            Add(field, sentence);
        }
    }

    /// <summary>A text that must be there, of one line, without white space around it.</summary>
    public string Text(string field, string? value, int most)
    {
        var text = value?.Trim() ?? "";
        if (text.Length == 0)
        {
            Add(field, "This is needed.");
        }

        return Fitting(field, text, most, lines: false);
    }

    /// <summary>A text that may be missing; blank counts as missing.</summary>
    /// <param name="lines">True when it may have several lines.</param>
    public string? OptionalText(string field, string? value, int most, bool lines = false) =>
        value?.Trim() is { Length: > 0 } text ? Fitting(field, text, most, lines) : null;

    /// <summary>A whole number within bounds.</summary>
    /// <param name="absent">What a missing one means; null when it must be there.</param>
    public int Number(string field, int? value, int least, int most, int? absent = null)
    {
        if ((value ?? absent) is not { } number)
        {
            Add(field, "This is needed.");
            return least;
        }

        if (number < least || number > most)
        {
            Add(field, $"This is a number from {least:N0} to {most:N0}.");
        }

        return number;
    }

    /// <summary>One of the values that the type knows.</summary>
    public T Choice<T>(string field, T? value)
        where T : struct, Enum
    {
        if (value is not { } chosen || !Enum.IsDefined(chosen))
        {
            Add(field, $"This is one of {string.Join(", ", Enum.GetNames<T>().Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName))}.");
            return default;
        }

        return chosen;
    }

    /// <summary>An absolute http or https address. Any other scheme could run in a page that links to it.</summary>
    public string WebAddress(string field, string? value, int most = 2000)
    {
        var text = Text(field, value, most);
        if (text.Length > 0 && !IsWebAddress(text))
        {
            Add(field, "This is an address that begins with https:// or http://.");
        }

        return text;
    }

    /// <summary>False for a text with control characters: a database refuses U+0000, and a screen shows the rest in ways that nobody meant. A missing text can be shown.</summary>
    /// <param name="lines">True when it may have several lines.</param>
    public static bool CanBeShown(string? text, bool lines = false) => !text.AsSpan().ContainsAny(lines ? ControlsInLines : Controls);

    private static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address.Scheme is "https" or "http"
        && address.Host.Length > 0
        && address.UserInfo.Length == 0;

    private string Fitting(string field, string text, int most, bool lines)
    {
        if (text.Length > most)
        {
            Add(field, $"This has at most {most:N0} characters.");
        }

        if (!CanBeShown(text, lines))
        {
            Add(field, "This holds a character that cannot be shown.");
        }

        return text;
    }
}
