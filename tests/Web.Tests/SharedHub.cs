using Xunit;

namespace LiveProctor.Web.Tests;

/// <summary>One running node for the tests of a class that change nothing: what they send is refused.</summary>
public sealed class SharedHub : IAsyncLifetime
{
    private HubSite? site;

    /// <summary>The node.</summary>
    public HubApp Hub { get; private set; } = null!;

    /// <summary>Its administrator.</summary>
    public HttpClient Administrator { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        site = await HubSite.New("sqlite");
        Hub = await site.Start();
        Administrator = await Hub.Administrator();
    }

    public async ValueTask DisposeAsync()
    {
        Administrator.Dispose();
        await site!.DisposeAsync();
    }
}
