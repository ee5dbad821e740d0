using System.Security.Cryptography;
using System.Text;

namespace LiveProctor.Core.Live;

/// <summary>A Lua script that stands beside the class that runs it.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Hash">SHA-1 of the text: the name that Redis gives it.</param>
public sealed record RedisScript(string Text, byte[] Hash)
{
    /// <summary>The embedded file of this folder with the given name.</summary>
    public static RedisScript Named(string file)
    {
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream(typeof(RedisScript), file)
            ?? throw new ArgumentException($"No such script: {file}", nameof(file));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = reader.ReadToEnd();
#pragma warning disable CA5350 // Redis names scripts by SHA-1; nothing is trusted because of it.
        return new RedisScript(text, SHA1.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
    }
}
