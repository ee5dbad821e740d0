namespace LiveProctor.PracticeDelivery;

/// <summary>Where the hub is and who this delivery system is there: the configuration section <c>Hub</c>.</summary>
public sealed record HubSettings
{
    /// <summary>The hub's address, without a path; null while it is not set.</summary>
    public Uri? Url { get; init; }

    /// <summary>This delivery system's key at the hub; null while it is not set.</summary>
    public string? Key { get; init; }

    /// <summary>This delivery system's id at the hub. When set, tokens for another one are refused before the hub is asked.</summary>
    public string? Audience { get; init; }

    /// <summary>Whether students can take tests.</summary>
    public bool Complete => Url is not null && Key is not null;

    /// <summary>The settings that are missing, with what to put there.</summary>
    public IEnumerable<string> Missing()
    {
        if (Url is null)
        {
            yield return "Hub:Url, the address of LiveProctor, for example http://localhost:5000";
        }

        if (Key is null)
        {
            yield return "Hub:Key, the key that POST /api/v1/delivery-systems answered there";
        }
    }

    /// <summary>Reads the section.</summary>
    /// <exception cref="InvalidOperationException"><c>Hub:Url</c> is there and is not an http or https address.</exception>
    public static HubSettings From(IConfiguration configuration)
    {
        static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

        Uri? url = null;
        if (Text(configuration["Hub:Url"]) is { } written
            && !(Uri.TryCreate(written, UriKind.Absolute, out url) && url.Scheme is "http" or "https"))
        {
            throw new InvalidOperationException($"Hub:Url must be an http or https address, and is '{written}'.");
        }

        return new HubSettings { Url = url, Key = Text(configuration["Hub:Key"]), Audience = Text(configuration["Hub:Audience"]) };
    }

    /// <summary>
    /// The address to send the student back to: the one the hub gave, else the one in the link if it leads to the
    /// hub (anyone can write a link), else the hub itself.
    /// </summary>
    public string? WayBack(string? fromHub, string? fromLink)
    {
        static Uri? Web(string? text) =>
            Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;

        var link = Web(fromLink);
        var sameOrigin = link is not null && Url is not null
            && Uri.Compare(link, Url, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
        return (Web(fromHub) ?? (sameOrigin ? link : Url))?.AbsoluteUri;
    }
}
