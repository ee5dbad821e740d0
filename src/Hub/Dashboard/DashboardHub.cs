using LiveProctor.Core;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Hub.Errors;
using LiveProctor.Hub.Feeds;
using LiveProctor.Hub.Presence;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace LiveProctor.Hub.Dashboard;

/// <summary>What a console receives (docs/protocol.md section 2).</summary>
public interface IDashboardClient : IFeedClient;

/// <summary>The staff's hub (docs/protocol.md section 4). Each method authorises, calls one use case and answers; rights are the use cases' to judge.</summary>
[Authorize(Policy = Rights.Observer)]
public sealed class DashboardHub(
    FeedConnections feeds, Snapshots snapshots, SeeSession see, DecideEntries decide, CommandEntries command, ReinstateEntries reinstate, SteerSession steer,
    Attendance attendance, TimeProvider time)
    : Hub<IDashboardClient>
{
    private const string List = "sessions";
    private const string Session = "session:";

    private Actor Actor => ActorClaims.Of(Context.User) with { StillIn = StaffGuard.StillIn(Context) };

    private FeedReader Reader => Context.Features.Get<FeedReader>()!;

    public override Task OnConnectedAsync()
    {
        attendance.Arrive(Context.ConnectionId, new StaffConnection(Context.User!, Context.Abort));
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        attendance.Leave(Context.ConnectionId);
        return Task.CompletedTask;
    }

    /// <summary>The server's clock.</summary>
    public ClockAnswer Clock() => new(time.Now());

    public async Task<FollowAnswer> Follow(string feed, FeedPosition? position)
    {
        if (feed == List)
        {
            var list = Actor.Role == Role.Proctor ? FeedNames.ProctorSessions(Actor.Id) : FeedNames.Sessions(Actor.OrganisationId);
            return (await feeds.Follow(Reader, feed, list, position, Snapshots.Empty)).OrThrow();
        }

        var sessionId = SessionOf(feed) ?? throw HubProblems.Error(new Problem(ProblemKind.FeedUnknown, "There is no such feed."));
        (await see.Run(Actor, sessionId)).OrThrow();
        var answer = (await feeds.Follow(Reader, feed, feed, position, snapshots.Session(sessionId), Gate(Actor, sessionId))).OrThrow();
        if (attendance.Staff.TryGetValue(Context.ConnectionId, out var console))
        {
            console.Open(sessionId);
        }

        attendance.MarkFresh(feed);
        return answer;
    }

    public void Unfollow(string feed)
    {
        FeedConnections.Unfollow(Reader, feed);
        if (SessionOf(feed) is { } sessionId && attendance.Staff.TryGetValue(Context.ConnectionId, out var console))
        {
            console.Close(sessionId);
        }
    }

    [Command]
    public async Task<EntriesAnswer> Approve(string sessionId, EntriesRequest request) => (await decide.Approve(Actor, sessionId, request)).OrThrow();

    [Command]
    public async Task<EntriesAnswer> Deny(string sessionId, EntriesRequest request) => (await decide.Deny(Actor, sessionId, request)).OrThrow();

    [Command]
    public async Task<EntriesAnswer> Revoke(string sessionId, EntriesRequest request) => (await decide.Revoke(Actor, sessionId, request)).OrThrow();

    [Command]
    public async Task<EntriesAnswer> Pause(string sessionId, EntriesRequest request) => (await command.Pause(Actor, sessionId, request)).OrThrow();

    [Command]
    public async Task<EntriesAnswer> Resume(string sessionId, EntriesRequest request) => (await command.Resume(Actor, sessionId, request)).OrThrow();

    [Command]
    public async Task<EntriesAnswer> Extend(string sessionId, EntriesRequest request) => (await command.Extend(Actor, sessionId, request)).OrThrow();

    [Command]
    public async Task<EntriesAnswer> Terminate(string sessionId, EntriesRequest request) => (await command.Terminate(Actor, sessionId, request)).OrThrow();

    [Command]
    public async Task<EntriesAnswer> ReleaseSeal(string sessionId, EntriesRequest request) => (await command.ReleaseSeal(Actor, sessionId, request)).OrThrow();

    [Command]
    public async Task<EntriesAnswer> Reinstate(string sessionId, EntriesRequest request) => (await reinstate.Run(Actor, sessionId, request)).OrThrow();

    [Command]
    public async Task<EntriesAnswer> Message(string sessionId, EntriesRequest request) => (await command.Message(Actor, sessionId, request)).OrThrow();

    [Command]
    public async Task<SessionView> Open(string sessionId, PhaseRequest request) => (await steer.Open(Actor, sessionId, request)).OrThrow();

    [Command]
    public async Task<SessionView> Hold(string sessionId, PhaseRequest request) => (await steer.Hold(Actor, sessionId, request)).OrThrow();

    [Command]
    public async Task<SessionView> Release(string sessionId, PhaseRequest request) => (await steer.Release(Actor, sessionId, request)).OrThrow();

    [Command]
    public async Task<SessionView> Stop(string sessionId, PhaseRequest request) => (await steer.Stop(Actor, sessionId, request)).OrThrow();

    [Command]
    public async Task<SessionView> Reopen(string sessionId, PhaseRequest request) => (await steer.Reopen(Actor, sessionId, request)).OrThrow();

    [Command]
    public async Task<SessionView> Cancel(string sessionId, PhaseRequest request) => (await steer.Cancel(Actor, sessionId, request)).OrThrow();

    private static string? SessionOf(string feed) => feed.StartsWith(Session, StringComparison.Ordinal) ? feed[Session.Length..] : null;

    // A proctor who is taken off the session, and everybody once it is deleted, sees nothing of it any more.
    private FeedGate Gate(Actor actor, string sessionId) => async happened =>
        happened.Kind is not ("sessionEdited" or "deleted") || !(await see.Run(actor, sessionId)).Failed(out _) ? Passage.Send : Passage.CutOff;
}

/// <summary>The server's clock.</summary>
public sealed record ClockAnswer(DateTimeOffset Now);
