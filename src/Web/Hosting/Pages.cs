using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace LiveProctor.Web.Hosting;

/// <summary>
/// The two pages and their files, built into wwwroot by ClientApp. The client's router knows the addresses of a page's views,
/// so those addresses all answer the page; any other unknown address is a plain 404.
/// </summary>
internal static class Pages
{
    private static readonly string[] Console =
    [
        "/", "/sign-in", "/sessions", "/sessions/{**view}", "/tests/{**view}", "/students/{**view}", "/profiles/{**view}",
        "/delivery-systems/{**view}", "/staff/{**view}", "/account/{**view}",
    ];

    private static readonly string[] Lobby = ["/join", "/join/{joinId}", "/j/{secret}", "/my/{secret}"];
    private static readonly (string Name, string Ending)[] Encodings = [("br", ".br"), ("gzip", ".gz")];

    /// <summary>Serves the files beside the pages.</summary>
    public static void UsePageFiles(this WebApplication app)
    {
        var files = app.Environment.WebRootFileProvider;
        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".webmanifest"] = "application/manifest+json";
        app.Use((http, next) =>
        {
            ChooseCompressed(http, files);
            return next(http);
        });
        app.UseStaticFiles(new StaticFileOptions
        {
            ContentTypeProvider = new TypeBeneathCompression(types),
            OnPrepareResponse = prepared => SetCaching(prepared.Context),
        });
    }

    /// <summary>Maps the addresses of the pages' views.</summary>
    public static void MapPages(this WebApplication app)
    {
        var files = app.Environment.WebRootFileProvider;
        foreach (var (addresses, page) in new[] { (Console, "index.html"), (Lobby, "join.html") })
        {
            foreach (var address in addresses)
            {
                app.MapMethods(address, [HttpMethods.Get, HttpMethods.Head], (HttpContext http) => Send(http, files, page)).AllowAnonymous().ShortCircuit().ExcludeFromDescription();
            }
        }
    }

    private static async Task Send(HttpContext http, IFileProvider files, string page)
    {
        var (file, encoding) = Choose(http, files, "/" + page);
        if (!file.Exists)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.ContentLength = file.Length;
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (encoding is not null)
        {
            http.Response.Headers.ContentEncoding = encoding;
        }

        if (HttpMethods.IsGet(http.Request.Method))
        {
            await http.Response.SendFileAsync(file, http.RequestAborted);
        }
    }

    private static void ChooseCompressed(HttpContext http, IFileProvider files)
    {
        if (http.Request.Path.Value is { Length: > 1 } path && Path.HasExtension(path) && !Encodings.Any(item => path.EndsWith(item.Ending, StringComparison.Ordinal)))
        {
            var (_, encoding) = Choose(http, files, path);
            if (encoding is not null)
            {
                http.Request.Path = path + Encodings.First(item => item.Name == encoding).Ending;
                http.Items[typeof(Pages)] = encoding;
            }
        }
    }

    private static (IFileInfo File, string? Encoding) Choose(HttpContext http, IFileProvider files, string path)
    {
        var accepted = http.Request.GetTypedHeaders().AcceptEncoding;
        foreach (var (name, ending) in Encodings)
        {
            if (accepted.Any(item => item.Value.Equals(name, StringComparison.OrdinalIgnoreCase) && item.Quality is null or > 0)
                && files.GetFileInfo(path + ending) is { Exists: true } compressed)
            {
                return (compressed, name);
            }
        }

        return (files.GetFileInfo(path), null);
    }

    private static void SetCaching(HttpContext http)
    {
        var headers = http.Response.Headers;
        // Vite puts a hash of the content into the names of everything under assets.
        headers.CacheControl = http.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        headers.Vary = HeaderNames.AcceptEncoding;
        if (http.Items.TryGetValue(typeof(Pages), out var encoding))
        {
            headers.ContentEncoding = (string)encoding!;
        }
    }

    /// <summary>app.js.br is JavaScript.</summary>
    private sealed class TypeBeneathCompression(FileExtensionContentTypeProvider types) : IContentTypeProvider
    {
        public bool TryGetContentType(string subpath, out string contentType) =>
            types.TryGetContentType(Encodings.Any(item => subpath.EndsWith(item.Ending, StringComparison.Ordinal)) ? subpath[..^3] : subpath, out contentType!);
    }
}
