using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.Net.Http.Headers;

namespace LiveProctor.PracticeDelivery.Pages;

/// <summary>The pages, their style and script, carried inside the program.</summary>
public static class PageFiles
{
    const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Sets the headers that every answer carries.</summary>
    public static void UseStrictHeaders(this WebApplication app) => app.Use((http, next) =>
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        return next(http);
    });

    /// <summary>Adds the pages.</summary>
    public static void MapPages(this WebApplication app)
    {
        app.MapGet("/", (HubSettings settings) => TypedResults.Content(Welcome(settings), "text/html; charset=utf-8"));
        app.MapFile("/take", "take.html", "text/html; charset=utf-8");
        app.MapFile("/practice.css", "practice.css", "text/css; charset=utf-8");
        app.MapFile("/practice.js", "practice.js", "text/javascript; charset=utf-8");
        app.MapFile("/icon.svg", "icon.svg", "image/svg+xml");
    }

    static void MapFile(this WebApplication app, string path, string name, string type)
    {
        var content = Read(name);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"");
        app.MapGet(path, (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "no-cache";
            return TypedResults.Bytes(content, type, entityTag: tag);
        });
    }

    static string Welcome(HubSettings settings)
    {
        var encode = HtmlEncoder.Default;
        var status = settings.Complete
            ? $"<p>Connected to <strong>{encode.Encode(settings.Url!.AbsoluteUri)}</strong>. Students arrive here from its lobby.</p>"
            : "<p><strong>Not connected yet.</strong> Set these and start again:</p><ul>"
                + string.Concat(settings.Missing().Select(missing => $"<li>{encode.Encode(missing)}</li>")) + "</ul>";
        return System.Text.Encoding.UTF8.GetString(Read("index.html")).Replace("<!--status-->", status, StringComparison.Ordinal);
    }

    static byte[] Read(string name)
    {
        using var stream = typeof(PageFiles).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program was built without {name}.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
