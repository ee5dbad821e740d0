using LiveProctor.Core.Accounts;
using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Sessions;
using LiveProctor.Web.Api;
using LiveProctor.Web.Auth;

namespace LiveProctor.Web.Hosting;

/// <summary>Registers the use cases of sessions, entries and delivery.</summary>
internal static class SessionsSetup
{
    public static void AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<SessionStore>();
        services.AddSingleton<EntryStore>();
        services.AddSingleton<FeedLog>();
        services.AddSingleton<JoinThrottle>();
        services.AddSingleton<Links>();
        services.AddSingleton<FindStudent>(provider => provider.GetRequiredService<EntryStore>().ByToken);

        services.AddSingleton<CreateSession>();
        services.AddSingleton<EditSession>();
        services.AddSingleton<DeleteSession>();
        services.AddSingleton<DeleteSessions>();
        services.AddSingleton<PreviewDeletion>();
        services.AddSingleton<DuplicateSession>();
        services.AddSingleton<ListSessions>();
        services.AddSingleton<CountOrder>();
        services.AddHostedService<CountRounds>();
        services.AddSingleton<SeeSession>();
        services.AddSingleton<FindSession>();
        services.AddSingleton<SteerSession>();
        services.AddSingleton<RunDueSessions>();
        services.AddSingleton<DrainIdleSessions>();

        services.AddSingleton<JoinLobby>();
        services.AddSingleton<DecideEntries>();
        services.AddSingleton<CommandEntries>();
        services.AddSingleton<ReinstateEntries>();
        services.AddSingleton<StudentCommands>();
        services.AddSingleton<WatchEntries>();

        services.AddSingleton<SigningKeys>();
        services.AddSingleton<FetchEntryToken>();
        services.AddSingleton<RedeemEntryToken>();
        services.AddSingleton<ReportProgress>();
        services.AddSingleton<FetchCommands>();
    }
}
