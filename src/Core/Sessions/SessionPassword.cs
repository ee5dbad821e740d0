namespace LiveProctor.Core.Sessions;

/// <summary>What somebody typed as a session's password is.</summary>
public enum PasswordMatch
{
    Wrong,
    Right,

    /// <summary>It was the session's password once: the ticket is outdated.</summary>
    Former,
}

/// <summary>
/// The secret that is printed on a session's tickets. Case, spaces and dashes do not matter, for it is copied from paper.
/// Former ones are kept as hashes, so that an old ticket can be told what it is.
/// </summary>
public static class SessionPassword
{
    /// <summary>How many former passwords a session remembers.</summary>
    public const int KeptFormer = 20;

    private const int Length = 10;

    /// <summary>A new password: ten characters of the alphabet without look-alikes.</summary>
    public static string New() => Secret.NewReadable(Length);

    /// <summary>What somebody typed, compared with the session's password and those before it. Takes the same time whatever the answer.</summary>
    public static PasswordMatch Match(Session session, string typed)
    {
        var right = Secret.Same(Plain(session.Password), Plain(typed));
        var hash = Hash(session.Id, typed);
        var former = session.FormerPasswords.Aggregate(false, (found, known) => found | Secret.Same(known, hash));
        return right ? PasswordMatch.Right : former ? PasswordMatch.Former : PasswordMatch.Wrong;
    }

    /// <summary>The former passwords once the session has the given one.</summary>
    public static IReadOnlyList<string> FormerAfter(Session session, string password)
    {
        var (old, next) = (Hash(session.Id, session.Password), Hash(session.Id, password));
        return old == next ? session.FormerPasswords : [.. session.FormerPasswords.Where(known => known != next && known != old).TakeLast(KeptFormer - 1), old];
    }

    private static string Hash(string sessionId, string password) => Secret.Hash($"{sessionId}\n{Plain(password)}");

    private static string Plain(string password) => new string([.. password.Where(character => character is not ('-' or ' ' or '–'))]).ToUpperInvariant();
}
