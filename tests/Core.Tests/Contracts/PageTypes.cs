using System.Text.RegularExpressions;

namespace LiveProctor.Core.Tests.Contracts;

/// <summary>A field as the pages name it.</summary>
/// <param name="Optional">It may be missing.</param>
/// <param name="Type">Its type's text without <c>| null</c>.</param>
internal sealed record PageField(bool Optional, string Type);

/// <summary>The types that the pages give to what travels: the interfaces and aliases of a TypeScript text, read simply.</summary>
internal sealed partial class PageTypes
{
    private readonly Dictionary<string, Dictionary<string, PageField>> interfaces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> aliases = new(StringComparer.Ordinal);

    public PageTypes(string text)
    {
        text = Comment().Replace(text, "");
        foreach (Match alias in Alias().Matches(text))
        {
            aliases[alias.Groups["name"].Value] = Plain(alias.Groups["type"].Value);
        }

        foreach (Match head in Interface().Matches(text))
        {
            var fields = Fields(Inside(text, head.Index + head.Length - 1));
            if (head.Groups["base"].Value is { Length: > 0 } of)
            {
                fields = new(interfaces[of].Concat(fields), StringComparer.Ordinal);
            }

            interfaces[head.Groups["name"].Value] = fields;
        }
    }

    /// <summary>The fields of an interface, or of the type literal that stands in its place.</summary>
    public IReadOnlyDictionary<string, PageField> FieldsOf(string type) => type.StartsWith('{') ? Fields(type[1..^1]) : interfaces[type];

    /// <summary>The values that a type has: an alias or a union of texts.</summary>
    public IReadOnlyList<string> ValuesOf(string type) =>
        [.. Value().Matches(aliases.GetValueOrDefault(type, type)).Select(value => value.Groups["value"].Value)];

    private static Dictionary<string, PageField> Fields(string body)
    {
        var fields = new Dictionary<string, PageField>(StringComparer.Ordinal);
        var start = 0;
        var depth = 0;
        for (var index = 0; index <= body.Length; index++)
        {
            var character = index < body.Length ? body[index] : ';';
            depth += character is '{' or '<' or '(' ? 1 : character is '}' or '>' or ')' ? -1 : 0;
            if (character != ';' || depth > 0)
            {
                continue;
            }

            if (Field().Match(body[start..index]) is { Success: true } field)
            {
                fields[field.Groups["name"].Value] = new PageField(field.Groups["optional"].Success, Plain(field.Groups["type"].Value));
            }

            start = index + 1;
        }

        return fields;
    }

    private static string Inside(string text, int open)
    {
        var depth = 0;
        for (var index = open; ; index++)
        {
            depth += text[index] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return text[(open + 1)..index];
            }
        }
    }

    private static string Plain(string type) => Space().Replace(type, " ").Trim().Replace(" | null", "", StringComparison.Ordinal);

    [GeneratedRegex(@"/\*.*?\*/|//[^\n]*", RegexOptions.Singleline, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"export type (?<name>\w+) =(?<type>[^;]+);", RegexOptions.None, 1000)]
    private static partial Regex Alias();

    [GeneratedRegex(@"export interface (?<name>\w+)(<[^{]*>)?( extends (?<base>\w+))? \{", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Interface();

    [GeneratedRegex(@"^\s*(?<name>\w+)(?<optional>\?)?:(?<type>.+)$", RegexOptions.Singleline, 1000)]
    private static partial Regex Field();

    [GeneratedRegex(@"'(?<value>[^']*)'", RegexOptions.None, 1000)]
    private static partial Regex Value();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Space();
}
