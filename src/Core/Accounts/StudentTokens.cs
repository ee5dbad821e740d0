namespace LiveProctor.Core.Accounts;

/// <summary>The token that a student's page carries for one entry; kept as a hash in the entry's row.</summary>
public static class StudentTokens
{
    /// <summary>How every entry's token begins.</summary>
    public const string Prefix = "lpe_";

    /// <summary>A new token.</summary>
    public static string New() => Prefix + Secret.New();
}
