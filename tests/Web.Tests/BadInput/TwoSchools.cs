using LiveProctor.TestSupport;
using LiveProctor.Core.Accounts;

namespace LiveProctor.Web.Tests.BadInput;

/// <summary>One node that two organisations share. Its clock stands still and nothing happens by itself.</summary>
internal sealed class TwoSchools : IAsyncDisposable
{
    private TwoSchools(HubSite site, HubApp hub, ManualClock clock, School ours, School theirs)
    {
        Site = site;
        Hub = hub;
        Clock = clock;
        Ours = ours;
        Theirs = theirs;
        Contents = new Contents(hub.Db);
    }

    public HubSite Site { get; }

    public HubApp Hub { get; }

    public ManualClock Clock { get; }

    public School Ours { get; }

    public School Theirs { get; }

    public Contents Contents { get; }

    public static async Task<TwoSchools> Open(string database)
    {
        var site = await HubSite.New(database);
        var clock = new ManualClock();
        var hub = await site.Start(clock, settings: "--LiveProctor:Roles=web");
        var ours = await School.Found(hub, await hub.Administrator());
        var theirs = await School.Found(hub, await hub.Stranger());
        return new TwoSchools(site, hub, clock, ours, theirs);
    }

    /// <summary>Whom a policy lets in, of our school.</summary>
    public HttpClient For(string? policy) => policy switch
    {
        Rights.Administrator => Ours.Administrator,
        Rights.Manager => Ours.Manager,
        Rights.Proctor => Ours.Proctor,
        Rights.Observer => Ours.Observer,
        Rights.Student => Ours.Student,
        Rights.Delivery => Ours.Delivery,
        _ => Hub.Nobody(),
    };

    public async ValueTask DisposeAsync()
    {
        await Contents.DisposeAsync();
        await Site.DisposeAsync();
    }
}
