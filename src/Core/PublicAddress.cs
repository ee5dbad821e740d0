namespace LiveProctor.Core;

/// <summary>Where people and delivery systems reach the program: one of the few things that it cannot know by itself.</summary>
/// <param name="configured"><c>LiveProctor:PublicUrl</c>; null when the operator left it out.</param>
public sealed class PublicAddress(string? configured)
{
    private string value = configured ?? "http://localhost";

    /// <summary>True when the operator said it; otherwise a link may rather start where the request came in.</summary>
    public bool IsConfigured => configured is not null;

    /// <summary>An absolute URL without a slash at the end. It is the issuer of entry tokens, so every node must have the same.</summary>
    public string Value => Volatile.Read(ref value);

    /// <summary>Tells the address that the server listens on, once it does; the configured one stays.</summary>
    public void Listening(string address)
    {
        if (!IsConfigured)
        {
            Volatile.Write(ref value, address.TrimEnd('/'));
        }
    }
}
