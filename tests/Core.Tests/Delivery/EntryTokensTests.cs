using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using LiveProctor.Core.Delivery;
using Xunit;

namespace LiveProctor.Core.Tests.Delivery;

public sealed class EntryTokensTests
{
    const string Hub = "https://hub.example";
    const string Practice = "practice";
    static readonly DateTimeOffset Nine = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    readonly SigningKey key = SigningKey.Create(Nine);

    static EntryTokenClaims Claims() => new()
    {
        Issuer = Hub,
        Audience = Practice,
        Subject = "student-1",
        TokenId = "jti-1",
        IssuedAt = Nine,
        NotBefore = Nine,
        ExpiresAt = Nine.AddSeconds(90),
        Organisation = "org-1",
        Session = "session-1",
        Entry = "entry-1",
        Attempt = 1,
        ScheduleVersion = 3,
        Test = "MATH-7",
        Sections = [new() { Title = "Numbers", Sealed = false }, new() { Title = "Läsning \"två\"", Sealed = true }],
        Settings = new Dictionary<string, string> { ["extraTime"] = "25 %", ["colour"] = "🟦" },
    };

    EntryTokenReading Read(string token, DateTimeOffset? now = null, string issuer = Hub, string audience = Practice) =>
        EntryTokens.Verify(token, [SigningKey.Create(Nine), key], issuer, audience, now ?? Nine);

    /// <summary>A token of any header and body, signed well by the key: what a careless signer could have made.</summary>
    string Forge(string header, string body)
    {
        var signed = $"{Part(header)}.{Part(body)}";
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(key.Pkcs8, out _);
        return $"{signed}.{Base64Url.EncodeToString(ecdsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    string Header(string algorithm = "ES256", string type = "entry+jwt") =>
        $$"""{"alg":"{{algorithm}}","kid":"{{key.Kid}}","typ":"{{type}}"}""";

    static string Part(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    static string Body(string token) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.Split('.')[1]));

    static void Same(EntryTokenClaims expected, EntryTokenClaims? actual) =>
        Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(actual));

    [Fact]
    public void A_token_reads_back_as_it_was_signed()
    {
        var reading = Read(EntryTokens.Sign(Claims(), key));

        Assert.Null(reading.Fault);
        Same(Claims(), reading.Claims);
    }

    [Fact]
    public void A_token_carries_exactly_the_members_of_the_protocol()
    {
        var token = EntryTokens.Sign(Claims(), key);

        Assert.Equal(
            ["attempt", "aud", "entry", "exp", "iat", "iss", "jti", "nbf", "org", "scheduleVersion", "sections", "session", "settings", "sub", "test"],
            JsonNode.Parse(Body(token))!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Equal(Header(), Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.Split('.')[0])));
        Assert.DoesNotContain('=', token);
    }

    [Fact]
    public void Any_claims_survive_the_way_there_and_back()
    {
        var claims =
            from texts in ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => WellFormed(text.Get)).ArrayOf(8)
            from numbers in ArbMap.Default.GeneratorFor<int>().Two()
            from life in Gen.Choose(1, 120)
            from milliseconds in Gen.Choose(0, 999)
            from flags in ArbMap.Default.GeneratorFor<bool>().ListOf()
            select Claims() with
            {
                Subject = texts[0],
                TokenId = texts[1],
                Organisation = texts[2],
                Session = texts[3],
                Entry = texts[4],
                Test = texts[5],
                Attempt = numbers.Item1,
                ScheduleVersion = numbers.Item2,
                IssuedAt = Nine.AddMilliseconds(milliseconds),
                ExpiresAt = Nine.AddMilliseconds(milliseconds).AddSeconds(life),
                Sections = [.. flags.Select(flag => new EntryTokenSection { Title = texts[6], Sealed = flag })],
                Settings = new Dictionary<string, string> { [texts[6]] = texts[7] },
            };

        Prop.ForAll(claims.ToArbitrary(), written =>
        {
            var reading = Read(EntryTokens.Sign(written, key));
            Assert.Null(reading.Fault);
            Same(written, reading.Claims);
        }).QuickCheckThrowOnFailure();
    }

    // Half a surrogate pair is no text: JSON has no way to carry it.
    static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Changing_any_one_character_spoils_a_token()
    {
        var token = EntryTokens.Sign(Claims(), key);

        for (var at = 0; at < token.Length; at++)
        {
            var changed = new StringBuilder(token) { [at] = token[at] == 'A' ? 'B' : 'A' }.ToString();
            Assert.NotNull(Read(changed).Fault);
        }
    }

    [Fact]
    public void A_token_cut_short_anywhere_is_refused()
    {
        var token = EntryTokens.Sign(Claims(), key);

        for (var length = 0; length < token.Length; length++)
        {
            Assert.NotNull(Read(token[..length]).Fault);
        }
    }

    [Fact]
    public void A_changed_body_does_not_fit_the_signature()
    {
        var parts = EntryTokens.Sign(Claims(), key).Split('.');
        var richer = Body(string.Join('.', parts)).Replace("\"attempt\":1", "\"attempt\":2", StringComparison.Ordinal);

        Assert.Equal(EntryTokenFault.BadSignature, Read($"{parts[0]}.{Part(richer)}.{parts[2]}").Fault);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("es256")]
    [InlineData("ES384")]
    [InlineData("")]
    public void No_other_algorithm_is_taken_even_when_well_signed(string algorithm) =>
        Assert.Equal(EntryTokenFault.WrongAlgorithm, Read(Forge(Header(algorithm), Body(EntryTokens.Sign(Claims(), key)))).Fault);

    [Fact]
    public void An_unsigned_token_is_refused()
    {
        var body = Body(EntryTokens.Sign(Claims(), key));

        Assert.Equal(EntryTokenFault.WrongAlgorithm, Read($"{Part("""{"alg":"none"}""")}.{Part(body)}.").Fault);
        Assert.Equal(EntryTokenFault.BadSignature, Read($"{Part(Header())}.{Part(body)}.").Fault);
    }

    [Fact]
    public void The_public_key_used_as_a_shared_secret_opens_nothing()
    {
        var body = Body(EntryTokens.Sign(Claims(), key));
        var signed = $"{Part(Header("HS256"))}.{Part(body)}";
        var secret = JsonSerializer.SerializeToUtf8Bytes(key.ToJwk());
        var token = $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}";

        Assert.Equal(EntryTokenFault.WrongAlgorithm, Read(token).Fault);
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("ENTRY+JWT")]
    [InlineData("application/entry+jwt")]
    public void A_token_made_for_something_else_is_refused(string type) =>
        Assert.Equal(EntryTokenFault.WrongType, Read(Forge(Header(type: type), Body(EntryTokens.Sign(Claims(), key)))).Fault);

    [Fact]
    public void A_key_that_is_not_known_counts_for_nothing()
    {
        var stranger = SigningKey.Create(Nine);

        Assert.Equal(EntryTokenFault.UnknownKey, Read(EntryTokens.Sign(Claims(), stranger)).Fault);
        Assert.Equal(EntryTokenFault.BadSignature, Read(EntryTokens.Sign(Claims(), stranger with { Kid = key.Kid })).Fault);
        Assert.Equal(EntryTokenFault.UnknownKey, Read(Forge("""{"alg":"ES256","typ":"entry+jwt"}""", "{}")).Fault);
    }

    [Theory]
    [InlineData("""{"alg":"ES256","kid":"KID","typ":"entry+jwt","crit":["exp"]}""")]
    [InlineData("""{"alg":"ES256","alg":"none","kid":"KID","typ":"entry+jwt"}""")]
    [InlineData("""{"ALG":"ES256","kid":"KID","typ":"entry+jwt"}""")]
    [InlineData("""["ES256"]""")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{")]
    public void A_header_with_more_less_or_twice_is_malformed(string header) =>
        Assert.Equal(
            EntryTokenFault.Malformed,
            Read(Forge(header.Replace("KID", key.Kid, StringComparison.Ordinal), Body(EntryTokens.Sign(Claims(), key)))).Fault);

    [Fact]
    public void A_body_that_is_not_an_entrys_claims_is_malformed()
    {
        var body = Body(EntryTokens.Sign(Claims(), key));
        string[] others =
        [
            "{}", "null", "[]", "", "{",
            body.Replace("\"org\"", "\"Org\"", StringComparison.Ordinal),
            body.Replace("\"org\":", "\"admin\":true,\"org\":", StringComparison.Ordinal),
            body.Replace("\"org\":", "\"sub\":\"student-2\",\"org\":", StringComparison.Ordinal),
            body.Replace("\"attempt\":1", "\"attempt\":\"1\"", StringComparison.Ordinal),
            body.Replace($"\"exp\":{Nine.AddSeconds(90).ToUnixTimeSeconds()}", "\"exp\":1e300", StringComparison.Ordinal),
            body.Replace($"\"exp\":{Nine.AddSeconds(90).ToUnixTimeSeconds()}", "\"exp\":99999999999999", StringComparison.Ordinal),
            body.Replace("\"student-1\"", "null", StringComparison.Ordinal),
        ];

        Assert.All(others, other => Assert.Equal(EntryTokenFault.Malformed, Read(Forge(Header(), other)).Fault));
    }

    [Fact]
    public void Only_canonical_base64url_is_taken()
    {
        var token = EntryTokens.Sign(Claims(), key);
        var parts = token.Split('.');
        // 64 bytes end in a character of which four bits are unused: another one decodes to the same bytes.
        var lastOfTwins = parts[2][..^1] + (char)(parts[2][^1] + 1);
        string[] others =
        [
            token + "==", token + "=", token + "\n", " " + token, token.Replace(".", " .", StringComparison.Ordinal),
            $"{parts[0]}.{parts[1]}.{lastOfTwins}", token + ".", "." + token, $"{parts[0]}.{parts[1]}", "", "...", "å.ä.ö",
        ];

        Assert.All(others, other => Assert.Equal(EntryTokenFault.Malformed, Read(other).Fault));
    }

    [Fact]
    public void A_token_counts_from_nbf_until_just_before_exp()
    {
        var token = EntryTokens.Sign(Claims() with { NotBefore = Nine.AddSeconds(10) }, key);

        Assert.Equal(EntryTokenFault.NotYet, Read(token, Nine.AddMilliseconds(9_999)).Fault);
        Assert.NotNull(Read(token, Nine.AddSeconds(10)).Claims);
        Assert.NotNull(Read(token, Nine.AddMilliseconds(89_999)).Claims);
        Assert.Equal(EntryTokenFault.Expired, Read(token, Nine.AddSeconds(90)).Fault);
    }

    [Fact]
    public void A_token_of_another_hub_or_for_another_delivery_system_is_refused()
    {
        var token = EntryTokens.Sign(Claims(), key);

        Assert.Equal(EntryTokenFault.WrongIssuer, Read(token, issuer: "https://hub.example/").Fault);
        Assert.Equal(EntryTokenFault.WrongAudience, Read(token, audience: "Practice").Fault);
    }

    [Fact]
    public void A_token_that_lives_longer_than_two_minutes_is_neither_made_nor_taken()
    {
        Assert.NotNull(Read(EntryTokens.Sign(Claims() with { ExpiresAt = Nine.AddSeconds(120) }, key)).Claims);
        Assert.Throws<ArgumentException>(() => EntryTokens.Sign(Claims() with { ExpiresAt = Nine.AddSeconds(121) }, key));

        var body = JsonSerializer.Serialize(Claims() with { ExpiresAt = Nine.AddSeconds(121) });
        Assert.Equal(EntryTokenFault.LivesTooLong, Read(Forge(Header(), body)).Fault);
    }

    [Fact]
    public void A_keys_name_is_its_thumbprint_and_its_public_half_holds_no_secret()
    {
        var jwk = JsonSerializer.SerializeToNode(key.ToJwk())!.AsObject();

        Assert.Equal(["alg", "crv", "kid", "kty", "use", "x", "y"], jwk.Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Equal(43, key.Kid.Length);
        Assert.Equal(key.Kid, (string?)jwk["kid"]);
        Assert.NotEqual(key.Kid, SigningKey.Create(Nine).Kid);
    }
}
