using System.Net;
using LiveProctor.Core.Notifications;

namespace LiveProctor.Web.Hosting;

/// <summary>What the operator configured, checked: see docs/operations.md for each key. Made by <see cref="SettingsReader"/>.</summary>
public sealed record Settings
{
    /// <summary>PostgreSQL's connection string; null means an SQLite file in <see cref="DataDirectory"/>.</summary>
    public required string? Postgres { get; init; }

    /// <summary>Redis' connection string; null means that live state stays in this process.</summary>
    public required string? Redis { get; init; }

    /// <summary>Embedded data, keys and mail: an absolute path.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>This process serves pages, the REST API and the hubs.</summary>
    public required bool ServesWeb { get; init; }

    /// <summary>This process runs the timers.</summary>
    public required bool RunsScheduler { get; init; }

    /// <summary>Where people and delivery systems reach the program, without a slash at the end; null when it is not configured.</summary>
    public required string? PublicUrl { get; init; }

    /// <summary>The administrator that the first start on an empty database makes.</summary>
    public required string AdminEmail { get; init; }

    /// <summary>Its password; null means a generated one, printed once.</summary>
    public required string? AdminPassword { get; init; }

    /// <summary>The organisation that the first start makes.</summary>
    public required string OrganisationName { get; init; }

    /// <summary>Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, besides loopback.</summary>
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    /// <summary>The mail server; null means that mails are written as files.</summary>
    public required SmtpServer? Smtp { get; init; }

    /// <summary>The embedded database.</summary>
    public string SqlitePath => Path.Combine(DataDirectory, "liveproctor.db");

    /// <summary>Where mails are written when there is no mail server.</summary>
    public string MailFolder => Path.Combine(DataDirectory, "mail");
}
