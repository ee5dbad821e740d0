namespace LiveProctor.Core.Sessions;

/// <summary>The short public code of a session: eight characters without look-alikes, shown as <c>K7QM-3XPA</c>. Random, never sequential.</summary>
public static class JoinId
{
    private const int Length = 8;

    public static string New() => Secret.NewReadable(Length);

    /// <summary>As it is shown and read aloud.</summary>
    public static string Show(string joinId) => $"{joinId[..4]}-{joinId[4..]}";

    /// <summary>What somebody typed, as it is stored: case and dashes do not matter. Null when it cannot be a join ID.</summary>
    public static string? Parse(string typed)
    {
        var text = new string([.. typed.Where(character => character is not ('-' or ' ' or '–'))]).ToUpperInvariant();
        return text.Length == Length && Secret.IsReadable(text) ? text : null;
    }
}

/// <summary>The URL of a remote session: its last part is a random secret.</summary>
public static class JoinLink
{
    private const string Prefix = "/j/";

    /// <summary>The link's path below the public address; null when the session has none.</summary>
    public static string? Path(Session session) => session.LinkSecret is { } secret ? Prefix + secret : null;

    /// <summary>The secret in what somebody followed or pasted: the whole address, its path, or the secret alone.</summary>
    public static string Parse(string link)
    {
        var start = link.LastIndexOf(Prefix, StringComparison.Ordinal);
        var secret = start < 0 ? link : link[(start + Prefix.Length)..];
        var end = secret.IndexOfAny(['?', '#', '/']);
        return (end < 0 ? secret : secret[..end]).Trim();
    }
}
