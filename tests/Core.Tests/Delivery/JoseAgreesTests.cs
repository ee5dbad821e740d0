using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveProctor.Core.Delivery;
using Xunit;

namespace LiveProctor.Core.Tests.Delivery;

/// <summary>Entry tokens against another implementation of JWS, npm's jose, both ways.</summary>
public sealed class JoseAgreesTests
{
    static readonly DateTimeOffset Nine = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Jose_takes_our_tokens_and_we_take_those_of_jose()
    {
        var key = SigningKey.Create(Nine);
        var claims = new EntryTokenClaims
        {
            Issuer = "https://hub.example",
            Audience = "practice",
            Subject = "student-1",
            TokenId = "jti-1",
            IssuedAt = Nine,
            NotBefore = Nine,
            ExpiresAt = Nine.AddSeconds(120),
            Organisation = "org-1",
            Session = "session-1",
            Entry = "entry-1",
            Attempt = 2,
            ScheduleVersion = 5,
            Test = "PRACTICE",
            Sections = [new() { Title = "Läsning 🟦", Sealed = true }],
            Settings = new Dictionary<string, string> { ["extraTime"] = "25 %" },
        };

        var answer = await AskJose(new JsonObject
        {
            ["token"] = EntryTokens.Sign(claims, key),
            ["jwks"] = new JsonObject { ["keys"] = new JsonArray(JsonSerializer.SerializeToNode(key.ToJwk())) },
            ["issuer"] = claims.Issuer,
            ["audience"] = claims.Audience,
            ["now"] = Nine.AddSeconds(1).ToString("O"),
            ["privateKey"] = PemEncoding.WriteString("PRIVATE KEY", key.Pkcs8),
        });

        Assert.True(JsonNode.DeepEquals(JsonSerializer.SerializeToNode(claims), answer["payload"]));
        Assert.Equal(key.Kid, (string?)answer["thumbprint"]);
        Assert.Equal(key.Kid, (string?)answer["protectedHeader"]!["kid"]);
        var reading = EntryTokens.Verify((string)answer["signed"]!, [key], claims.Issuer, claims.Audience, Nine.AddSeconds(1));
        Assert.Null(reading.Fault);
        Assert.Equal("entry-1", reading.Claims?.Entry);
    }

    static async Task<JsonNode> AskJose(JsonObject question)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "Delivery", "jose", "check.mjs")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEndAsync();
        var errors = node.StandardError.ReadToEndAsync();
        await node.StandardInput.WriteAsync(question.ToJsonString());
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await errors);
        return JsonNode.Parse(await output)!;
    }
}
