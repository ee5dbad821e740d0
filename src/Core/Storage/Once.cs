using System.Security.Cryptography;
using System.Text;
using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Storage;

/// <summary>
/// An Idempotency-Key: the same caller, key and request happen once (draft-ietf-httpapi-idempotency-key-header).
/// Some answers hold a secret that is kept nowhere else, so an answer is stored encrypted under the key itself, and of the key only its hash.
/// </summary>
/// <param name="Scope">Whose key it is: no caller can reach another's answers.</param>
/// <param name="Key">As sent, 1–100 characters.</param>
/// <param name="Request">What the request was (route and body): another request under the same key is refused.</param>
public sealed record Once(string Scope, string Key, string Request)
{
    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private string Name => Secret.Hash($"{Scope}\n{Key}");

    private byte[] CipherKey => HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(Key), 32, Encoding.UTF8.GetBytes(Scope));

    /// <summary>Claims the key for this change, or answers what it was used for. A concurrent use of the key waits here for the first to end.</summary>
    internal async Task<Result<T>?> Earlier<T>(Change change)
    {
        const string claim = "INSERT INTO idempotency (name, request, answer, at) VALUES (@name, @request, '', @at) ON CONFLICT (name) DO NOTHING";
        const string read = "SELECT request AS Request, answer AS Answer FROM idempotency WHERE name = @name";
        if (await change.Execute(claim, new { name = Name, request = Secret.Hash(Request), at = change.Now }) == 1)
        {
            return null;
        }

        var row = await change.One<Row>(read, new { name = Name });
        return row.Request == Secret.Hash(Request) ? Json.Read<T>(Decrypt(row.Answer)) : ProblemKind.IdempotencyKeyReused;
    }

    internal Task Remember<T>(Change change, T answer) =>
        change.Execute("UPDATE idempotency SET answer = @answer WHERE name = @name", new { name = Name, answer = Encrypt(Json.Write(answer)) });

    private string Encrypt(string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var sealedText = new byte[12 + 16 + plain.Length];
        RandomNumberGenerator.Fill(sealedText.AsSpan(0, 12));
        using var cipher = new AesGcm(CipherKey, tagSizeInBytes: 16);
        cipher.Encrypt(sealedText.AsSpan(0, 12), plain, sealedText.AsSpan(28), sealedText.AsSpan(12, 16));
        return Convert.ToBase64String(sealedText);
    }

    private string Decrypt(string text)
    {
        var sealedText = Convert.FromBase64String(text);
        var plain = new byte[sealedText.Length - 28];
        using var cipher = new AesGcm(CipherKey, tagSizeInBytes: 16);
        cipher.Decrypt(sealedText.AsSpan(0, 12), sealedText.AsSpan(28), sealedText.AsSpan(12, 16), plain);
        return Encoding.UTF8.GetString(plain);
    }

    private sealed record Row(string Request, string Answer);
}
