using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LiveProctor.TestSupport.Mail;

/// <summary>A mail that the server kept.</summary>
public sealed record KeptMail(string Sender, string To, bool Tls, string? User, string Content)
{
    /// <summary>A header, unfolded; empty when it has none.</summary>
    public string Header(string name)
    {
        var head = Content[..Content.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Replace("\r\n ", " ", StringComparison.Ordinal).Split("\r\n");
        var line = head.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));
        return line is null ? "" : line[(name.Length + 1)..].Trim();
    }
}

/// <summary>A real mail server (Debian's python3-aiosmtpd) in its own process, which does what a test tells it. It ends with the test, however that ends.</summary>
public sealed class MailServer : IAsyncDisposable
{
    private readonly Process process;
    private readonly string folder;
    private readonly ConcurrentQueue<JsonObject> events = new();
    private readonly SemaphoreSlim done = new(0);
    private readonly TaskCompletionSource<int> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private MailServer(Process process, string folder)
    {
        this.process = process;
        this.folder = folder;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private readonly StringBuilder errors = new();

    public int Port { get; private set; }

    /// <summary>The authority that its certificate comes from.</summary>
    public string AuthoritiesFile => Path.Combine(folder, "authority.pem");

    /// <summary>Everything that it kept.</summary>
    public async Task<IReadOnlyList<KeptMail>> Mails()
    {
        await Listened();
        return [.. events.Where(item => item["event"]!.GetValue<string>() == "mail").Select(item => new KeptMail(
        item["sender"]!.GetValue<string>(), item["to"]!.GetValue<string>(), item["tls"]!.GetValue<bool>(), item["user"]?.GetValue<string>(),
        Encoding.UTF8.GetString(Convert.FromBase64String(item["content"]!.GetValue<string>()))))];
    }

    /// <summary>How often a conversation came to a stage.</summary>
    public async Task<int> Came(string stage)
    {
        await Listened();
        return events.Count(item => item["event"]!.GetValue<string>() == "stage" && item["stage"]!.GetValue<string>() == stage);
    }

    /// <summary>Starts one.</summary>
    /// <param name="tls">With a certificate for localhost: it takes nothing before STARTTLS.</param>
    /// <param name="implicitTls">TLS from the first byte instead.</param>
    /// <param name="user">Whom it takes mails from, with the password <c>secret</c>; null for everybody.</param>
    /// <param name="port">0 for a free one.</param>
    /// <param name="without">Ways to sign in that it does not offer.</param>
    public static async Task<MailServer> Start(bool tls = false, bool implicitTls = false, string? user = null, bool utf8 = false, int port = 0, string[]? without = null)
    {
        var place = Directory.CreateTempSubdirectory("liveproctor-mail-").FullName;
        var options = new JsonObject { ["utf8"] = utf8, ["port"] = port, ["without"] = new JsonArray([.. (without ?? []).Select(way => (JsonNode)way)]) };
        if (tls || implicitTls)
        {
            options["certificate"] = await Certificate(place);
            options["implicit"] = implicitTls;
        }

        if (user is not null)
        {
            options["user"] = user;
            options["password"] = "secret";
        }

        // Debian's own Python: that is where its packages are.
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Mail", "server.py"), options.ToJsonString()])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var server = new MailServer(Process.Start(start) ?? throw new InvalidOperationException("The mail server did not start."), place);
        var exit = server.process.WaitForExitAsync();
        if (await Task.WhenAny(server.listening.Task, exit) == exit)
        {
            throw new InvalidOperationException($"The mail server did not start:\n{server.errors}");
        }

        server.Port = await server.listening.Task;
        return server;
    }

    /// <summary>At a stage, for some times: <c>hold</c>, <c>drop</c>, or a reply that is said instead.</summary>
    /// <param name="to">Only for this recipient (stages from rcpt on).</param>
    public Task When(string stage, string reply, int times = 1, string? to = null) => Order(new JsonObject { ["at"] = stage, ["do"] = reply, ["times"] = times, ["to"] = to });

    /// <summary>Lets go on whatever is held.</summary>
    public Task Go() => Order(new JsonObject { ["go"] = true });

    /// <summary>From now on it does what a mail server does.</summary>
    public Task Forget() => Order(new JsonObject { ["forget"] = true });

    /// <summary>Returns once a conversation is held at a stage for the given time.</summary>
    public Task Held(string stage, int times = 1) => Eventually.True(
        () => events.Count(item => item["event"]!.GetValue<string>() == "held" && item["stage"]!.GetValue<string>() == stage) >= times, $"a conversation is held at {stage}\n{errors}");

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        done.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    // What it said before it answers this has been read.
    private Task Listened() => Order([]);

    private async Task Order(JsonObject order)
    {
        await process.StandardInput.WriteLineAsync(order.ToJsonString());
        await process.StandardInput.FlushAsync();
        if (!await done.WaitAsync(TimeSpan.FromSeconds(20)))
        {
            throw new TimeoutException($"The mail server did not listen:\n{errors}");
        }
    }

    private void Take(string? line)
    {
        if (line is null || JsonSerializer.Deserialize<JsonObject>(line) is not { } item)
        {
            return;
        }

        switch (item["event"]!.GetValue<string>())
        {
            case "listening":
                listening.TrySetResult(item["port"]!.GetValue<int>());
                break;
            case "done":
                done.Release();
                break;
            default:
                events.Enqueue(item);
                break;
        }
    }

    private static async Task<string> Certificate(string place)
    {
        var time = TimeProvider.System.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var signer = authority.CreateSelfSigned(time.AddDays(-1), time.AddDays(30));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(signer, time.AddDays(-1), time.AddDays(20), RandomNumberGenerator.GetBytes(8));
        await File.WriteAllTextAsync(Path.Combine(place, "authority.pem"), signer.ExportCertificatePem());
        var path = Path.Combine(place, "server.pem");
        await File.WriteAllTextAsync(path, $"{key.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n");
        return path;
    }
}
