namespace LiveProctor.Core.Notifications;

/// <summary>How a conversation with the mail server is protected.</summary>
public enum SmtpSecurity
{
    None,

    /// <summary>The connection turns to TLS before anything else is said; a server that does not is not spoken to.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,
}

/// <summary>A mail server: <c>LiveProctor:Smtp</c> (docs/operations.md).</summary>
public sealed record SmtpServer
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    public SmtpSecurity Security { get; init; } = SmtpSecurity.StartTls;

    /// <summary>Null when the server asks nobody who they are.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>The address that mails come from.</summary>
    public required string From { get; init; }

    /// <summary>How long any one answer may take; the answer to the end of a mail ten times as long (RFC 5321 section 4.5.3.2.6: whoever stops waiting too early causes duplicates).</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A PEM file with the authorities that its certificate may come from; null for the machine's own.</summary>
    public string? AuthoritiesFile { get; init; }
}
