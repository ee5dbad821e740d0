using System.Security.Cryptography;
using System.Text;
using Dapper;
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

    /// <summary>Claims the keys of several commands that share a change; answers those that nobody had used.</summary>
    internal static async Task<IReadOnlySet<Once>> Claim(Change change, IReadOnlyList<Once> keys)
    {
        if (keys.Count == 0)
        {
            return new HashSet<Once>(ReferenceEqualityComparer.Instance);
        }

        var rows = new Rows<Once>([.. keys.OrderBy(key => key.Name, StringComparer.Ordinal)]).Text("name", key => key.Name).Text("request", key => Secret.Hash(key.Request));
        var sql = $"""
            INSERT INTO idempotency (name, request, answer, at) SELECT name, request, '', @at FROM {rows.From(change.Dialect)} WHERE true ORDER BY position
            ON CONFLICT (name) DO NOTHING RETURNING name
            """;
        var claimed = (await change.All<string>(sql, rows.Parameters(change.Dialect, new { at = change.Now }))).ToHashSet(StringComparer.Ordinal);

        // Of two commands with one key the first has it.
        return keys.Where(key => claimed.Remove(key.Name)).ToHashSet<Once>(ReferenceEqualityComparer.Instance);
    }

    /// <summary>Keeps what the command answered.</summary>
    internal void Remember<T>(Change change, T answer) => change.Later<OnceAnswers>().Add(Name, Encrypt(Json.Write(answer)));

    /// <summary>Gives the key back: the command was refused, and may be tried again.</summary>
    internal void Forget(Change change) => change.Later<OnceAnswers>().Add(Name, answer: null);

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

/// <summary>The answers of commands that share a change.</summary>
internal sealed class OnceAnswers : IWriteTogether
{
    private readonly List<(string Name, string? Answer)> answers = [];

    /// <param name="answer">Null to give the key back.</param>
    public void Add(string name, string? answer) => answers.Add((name, answer));

    public void Take(IWriteLater later) => answers.AddRange(((OnceAnswers)later).answers);

    public Task Write(Change change) => change.WriteAndCheck(this);

    public void Add(Statements statements, Dialect dialect)
    {
        var kept = new Rows<(string Name, string? Answer)>([.. answers.Where(answer => answer.Answer is not null)], "answers").Text("kept", row => row.Name).Text("given", row => row.Answer);
        if (kept.Count > 0)
        {
            statements.Add($"UPDATE idempotency SET answer = given FROM {kept.From(dialect)} WHERE name = kept", kept.Parameters(dialect));
        }

        if (answers.FindAll(answer => answer.Answer is null) is { Count: > 0 } refused)
        {
            statements.Add(
                $"DELETE FROM idempotency WHERE {dialect.Among("name", "@forgotten")}",
                new DynamicParameters(new { forgotten = new Many(refused.Select(answer => answer.Name)) }));
        }
    }

    // What was claimed is there.
    public Task Check(SqlMapper.GridReader answers) => Task.CompletedTask;
}
