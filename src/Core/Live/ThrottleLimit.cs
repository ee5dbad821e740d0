using System.Globalization;

namespace LiveProctor.Core.Live;

/// <summary>How many attempts that fail are borne in how long a time.</summary>
/// <param name="Name">Tells the limits apart: the same key under two limits is counted apart.</param>
/// <param name="Count">Failures borne within any <paramref name="Window"/>.</param>
/// <param name="Window">How long a failure is remembered.</param>
public sealed record ThrottleLimit(string Name, int Count, TimeSpan Window)
{
    /// <summary>
    /// How many attempts beyond <see cref="Count"/> may be undecided at the same time. None where one person stands behind the key; many where a school does,
    /// for its students all arrive at once: a guesser gains as many guesses, once in a window, by making them all at the same instant.
    /// </summary>
    public int AtOnce { get; init; }

    /// <summary>An attempt that is not decided for so long counts as failed: whoever made it fell over.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What the attempts of one key are stored under. People type e-mail addresses, names and passwords into the wrong fields,
    /// so only a hash leaves the process, and its length is not theirs to choose.
    /// </summary>
    internal string Place(string key) => string.Create(CultureInfo.InvariantCulture, $"{Name}:{Secret.Hash(key)}");
}

/// <summary>The limits on everything that can be guessed.</summary>
public static class ThrottleLimits
{
    /// <summary>By address. A school of several hundred students sits behind one address and mistypes; a guesser of first names gets nowhere at one a second.</summary>
    public static readonly ThrottleLimit JoinByAddress = new("join-address", 300, TimeSpan.FromMinutes(5)) { AtOnce = 5000 };

    /// <summary>By session and student ID. A child mistypes its own first name a few times; guessing the first name of a known ID must not pay.</summary>
    public static readonly ThrottleLimit JoinByStudent = new("join-student", 10, TimeSpan.FromMinutes(5));

    /// <summary>By session and student, or address and name of a guest. The code was said aloud in the room: who was there needs two tries, not eight.</summary>
    public static readonly ThrottleLimit SessionCode = new("session-code", 8, TimeSpan.FromMinutes(2));

    /// <summary>By entry. The code of a section has six characters and is said aloud or handed out: who has it needs two tries.</summary>
    public static readonly ThrottleLimit SealCode = new("seal-code", 6, TimeSpan.FromMinutes(5));

    /// <summary>By address, for join IDs and links that name no session. Fewer than joins, as a class copies the ID from the same board; there are 30^8 of them.</summary>
    public static readonly ThrottleLimit LookUp = new("look-up", 100, TimeSpan.FromMinutes(5)) { AtOnce = 5000 };

    /// <summary>By address. A staff room shares one; the account's own lockout after 5 failures stands beside it.</summary>
    public static readonly ThrottleLimit SignInByAddress = new("sign-in-address", 50, TimeSpan.FromMinutes(5)) { AtOnce = 200 };

    /// <summary>By e-mail, whether or not an account has it, so that the answer does not tell which exist.</summary>
    public static readonly ThrottleLimit SignInByEmail = new("sign-in-email", 10, TimeSpan.FromMinutes(5));

    /// <summary>By delivery system. Tokens cannot be guessed: this keeps a broken one from filling the log.</summary>
    public static readonly ThrottleLimit Redeem = new("redeem", 100, TimeSpan.FromMinutes(1)) { AtOnce = 5000 };
}
