namespace LiveProctor.Core.Delivery;

/// <summary>The key that a test delivery system carries; kept as a hash.</summary>
public static class DeliveryKeys
{
    /// <summary>How every delivery system's key begins.</summary>
    public const string Prefix = "lpd_";

    /// <summary>A new key.</summary>
    public static string New() => Prefix + Secret.New();
}
