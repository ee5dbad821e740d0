using System.Globalization;
using System.Net;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Notifications;
using Npgsql;

namespace LiveProctor.Web.Hosting;

/// <summary>A configuration that the program does not start with. The message is one sentence that names the key.</summary>
public sealed class SettingsRefusedException(string sentence) : Exception(sentence);

/// <summary>
/// Reads and checks the configuration (product.md section 10). A key that is not known is refused like an impossible value:
/// a mistyped one would otherwise be ignored in silence.
/// </summary>
public static class SettingsReader
{
    private const string Section = "LiveProctor";
    private static readonly string[] Known =
    [
        "DataDirectory", "Roles", "PublicUrl", "OrganisationName", "TrustedProxies", "Bootstrap:AdminEmail", "Bootstrap:AdminPassword",
        "Smtp:Host", "Smtp:Port", "Smtp:Security", "Smtp:User", "Smtp:Password", "Smtp:From", "Smtp:TimeoutSeconds", "Smtp:AuthoritiesFile",
    ];

    /// <summary>The settings, or <see cref="SettingsRefusedException"/>.</summary>
    /// <param name="configuration">Everything that was configured, from all sources.</param>
    /// <param name="root">The folder that relative paths start from.</param>
    public static Settings Read(IConfiguration configuration, string root)
    {
        RefuseUnknown(configuration.GetSection(Section));
        RequireAddresses(configuration["urls"]);
        string? Value(string key) => configuration[$"{Section}:{key}"]?.Trim() is { Length: > 0 } value ? value : null;
        var roles = Roles(Value("Roles") ?? "web,scheduler");
        var email = Value("Bootstrap:AdminEmail") ?? "admin@liveproctor.local";
        Require(StaffRules.IsEmail(email), "Bootstrap:AdminEmail", "must be an e-mail address");
        var password = Value("Bootstrap:AdminPassword");
        Require(password is null || StaffRules.PasswordFault(password, email) is null, "Bootstrap:AdminPassword", $"is refused: {StaffRules.PasswordFault(password ?? "", email)}");
        var organisation = Value("OrganisationName") ?? "LiveProctor";
        Require(organisation.Length <= 120, "OrganisationName", "must have at most 120 characters");
        return new Settings
        {
            Postgres = Postgres(configuration.GetConnectionString("Postgres")),
            Redis = Redis(configuration.GetConnectionString("Redis")),
            DataDirectory = Directory(Value("DataDirectory") ?? "data", root),
            ServesWeb = roles.Contains("web"),
            RunsScheduler = roles.Contains("scheduler"),
            PublicUrl = PublicUrl(Value("PublicUrl")),
            AdminEmail = email,
            AdminPassword = password,
            OrganisationName = organisation,
            TrustedProxies = Proxies(configuration.GetSection($"{Section}:TrustedProxies")),
            Smtp = Smtp(Value),
        };
    }

    private static void RefuseUnknown(IConfigurationSection section)
    {
        foreach (var (key, value) in section.AsEnumerable(makePathsRelative: true).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var known = Known.Any(name =>
                string.Equals(name, key, StringComparison.OrdinalIgnoreCase)
                || (value is null && name.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase))
                || (name is "TrustedProxies" && key.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)));
            if (key.Length > 0 && !known)
            {
                throw new SettingsRefusedException($"{Section}:{key} is not a setting that LiveProctor knows.");
            }
        }
    }

    private static void RequireAddresses(string? text)
    {
        foreach (var address in (text ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                BindingAddress.Parse(address);
            }
            catch (FormatException)
            {
                throw new SettingsRefusedException($"urls must hold addresses such as http://0.0.0.0:8080, and \"{address}\" is none.");
            }
        }
    }

    private static HashSet<string> Roles(string text)
    {
        var roles = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Require(roles.Count > 0 && roles.All(role => role.ToUpperInvariant() is "WEB" or "SCHEDULER"), "Roles", "must be web, scheduler, or both with a comma between");
        return roles;
    }

    private static string? Postgres(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            var host = new NpgsqlConnectionStringBuilder(text).Host;
            return string.IsNullOrEmpty(host) ? throw new SettingsRefusedException("ConnectionStrings:Postgres must name a Host.") : text;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or OverflowException)
        {
            throw new SettingsRefusedException("ConnectionStrings:Postgres is not a connection string of PostgreSQL, such as Host=db;Database=liveproctor;Username=liveproctor;Password=….");
        }
    }

    private static string? Redis(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            var options = StackExchange.Redis.ConfigurationOptions.Parse(text);
            return options.EndPoints.Count > 0 ? text : throw new SettingsRefusedException("ConnectionStrings:Redis must name at least one host:port.");
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or OverflowException)
        {
            throw new SettingsRefusedException("ConnectionStrings:Redis is not a connection string of Redis, such as redis:6379,password=….");
        }
    }

    private static string Directory(string text, string root)
    {
        var path = Path.GetFullPath(text, root);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                System.IO.Directory.CreateDirectory(path);
            }
            else
            {
                System.IO.Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            var probe = Path.Combine(path, $".probe-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return path;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SettingsRefusedException($"{Section}:DataDirectory must be a folder that the program can write to, and {path} is not.");
        }
    }

    private static string? PublicUrl(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var plain = Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url.Scheme is "http" or "https" && url.Host.Length > 0 && url.AbsolutePath == "/"
            && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0;
        Require(plain, "PublicUrl", "must be an address such as https://exams.example.org, without a path");
        return url!.GetLeftPart(UriPartial.Authority);
    }

    private static List<IPNetwork> Proxies(IConfigurationSection section)
    {
        var texts = (section.Value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Concat(section.GetChildren().Select(child => child.Value?.Trim() ?? ""));
        var networks = new List<IPNetwork>();
        foreach (var text in texts)
        {
            if (IPAddress.TryParse(text, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else if (IPNetwork.TryParse(text, out var network))
            {
                networks.Add(network);
            }
            else
            {
                throw new SettingsRefusedException($"{Section}:TrustedProxies must hold addresses or networks such as 10.0.0.0/8, and \"{text}\" is neither.");
            }
        }

        return networks;
    }

    private static SmtpServer? Smtp(Func<string, string?> value)
    {
        if (value("Smtp:Host") is not { } host)
        {
            foreach (var key in Known.Where(key => key.StartsWith("Smtp:", StringComparison.Ordinal)))
            {
                Require(value(key) is null, "Smtp:Host", $"is missing, though {Section}:{key} is set");
            }

            return null;
        }

        Require(Uri.CheckHostName(host) != UriHostNameType.Unknown, "Smtp:Host", "must be the name or address of a mail server");
        var security = (value("Smtp:Security") ?? "startTls").ToUpperInvariant() switch
        {
            "NONE" => SmtpSecurity.None,
            "STARTTLS" => SmtpSecurity.StartTls,
            "TLS" => SmtpSecurity.Tls,
            _ => throw new SettingsRefusedException($"{Section}:Smtp:Security must be none, startTls or tls."),
        };
        var usual = security switch { SmtpSecurity.Tls => "465", SmtpSecurity.StartTls => "587", _ => "25" };
        Require(int.TryParse(value("Smtp:Port") ?? usual, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536, "Smtp:Port", "must be a number from 1 to 65535");
        Require(int.TryParse(value("Smtp:TimeoutSeconds") ?? "60", NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 5 and <= 600, "Smtp:TimeoutSeconds", "must be a number from 5 to 600");
        var from = value("Smtp:From") ?? "";
        Require(StaffRules.IsEmail(from) && from.All(char.IsAscii) && MimeMessage.AddressFault(from) is null, "Smtp:From", "must be an e-mail address in ASCII");
        var (user, password) = (value("Smtp:User"), value("Smtp:Password"));
        Require(user is null == password is null, user is null ? "Smtp:User" : "Smtp:Password", "is missing, though the other of User and Password is set");
        Require(user is null || security != SmtpSecurity.None, "Smtp:Security", "must be startTls or tls when a User is set: the password would travel readable");
        var authorities = value("Smtp:AuthoritiesFile");
        Require(authorities is null || File.Exists(authorities), "Smtp:AuthoritiesFile", "must be a PEM file that the program can read");
        return new SmtpServer
        {
            Host = host, Port = port, Security = security, User = user, Password = password, From = from, Timeout = TimeSpan.FromSeconds(seconds), AuthoritiesFile = authorities,
        };
    }

    private static void Require(bool holds, string key, string sentence)
    {
        if (!holds)
        {
            throw new SettingsRefusedException($"{Section}:{key} {sentence}.");
        }
    }
}
