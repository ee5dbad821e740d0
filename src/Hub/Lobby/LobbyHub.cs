using LiveProctor.Core;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Tickets;
using LiveProctor.Hub.Dashboard;
using LiveProctor.Hub.Errors;
using LiveProctor.Hub.Feeds;
using LiveProctor.Hub.Presence;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace LiveProctor.Hub.Lobby;

/// <summary>What a student's page receives (docs/protocol.md section 2).</summary>
public interface ILobbyClient : IFeedClient;

/// <summary>The students' hub (docs/protocol.md section 5). Each method calls one use case for the device that connected.</summary>
[Authorize(Policy = Rights.Student)]
public sealed class LobbyHub(
    FeedConnections feeds, Snapshots snapshots, EntryStore entries, StudentCommands commands, FetchEntryToken fetch, Unseal unseal, Attendance attendance,
    TimeProvider time)
    : Hub<ILobbyClient>
{
    /// <summary>The name under which a student follows what everyone in the lobby may know.</summary>
    internal const string Lobby = "lobby";

    private const string Me = "me";

    private StudentConnection Here => Context.Features.Get<StudentConnection>()!;

    private StudentCaller Student => Here.Student;

    private FeedReader Reader => Context.Features.Get<FeedReader>()!;

    public override Task OnConnectedAsync()
    {
        var connection = new StudentConnection(StudentClaims.Of(Context.User), Reader, Context.Abort);
        Context.Features.Set(connection);
        attendance.Arrive(Context.ConnectionId, connection);
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        attendance.Leave(Context.ConnectionId);
        return Task.CompletedTask;
    }

    /// <summary>The student's page is there.</summary>
    public ClockAnswer Ping()
    {
        if (!attendance.Ping(Context.ConnectionId))
        {
            throw HubProblems.Error(new Problem(ProblemKind.TakenOver, "This test was opened on another device."));
        }

        return new ClockAnswer(time.Now());
    }

    public async Task<FollowAnswer> Follow(string feed, FeedPosition? position)
    {
        if (feed == Lobby)
        {
            (await Door()).OrThrow();
        }

        var followed = feed switch
        {
            Lobby => await FollowLobby(position),
            Me => await FollowMe(position),
            _ => new Problem(ProblemKind.FeedUnknown, "There is no such feed."),
        };
        attendance.MarkNew(Here);
        return followed.OrThrow();
    }

    /// <summary>Follows both feeds by one call: what a page does each time that it connects.</summary>
    /// <param name="lobby">The page's position in <c>lobby</c>; null when it has none.</param>
    /// <param name="me">The same in <c>me</c>.</param>
    public async Task<EnterAnswer> Enter(FeedPosition? lobby, FeedPosition? me)
    {
        // The student's own feed first: its door tells whether this device still holds the entry.
        var own = (await FollowMe(me)).OrThrow();
        var shared = (await FollowLobby(lobby)).OrThrow();
        attendance.MarkNew(Here);
        return new EnterAnswer(shared, own);
    }

    public void Unfollow(string feed) => FeedConnections.Unfollow(Reader, feed);

    public async Task<EntryTokenAnswer> EntryToken() => (await fetch.Run(Student)).OrThrow();

    public async Task<MeView> Withdraw() => (await commands.Withdraw(Student)).OrThrow();

    public async Task<MeView> Return() => (await commands.Return(Student)).OrThrow();

    public async Task<MeView> AskAgain() => (await commands.AskAgain(Student)).OrThrow();

    public async Task<MeView> RaiseHand(bool raised) => (await commands.RaiseHand(Student, raised)).OrThrow();

    public async Task<MeView> Say(string text) => (await commands.Say(Student, text)).OrThrow();

    public async Task<MeView> Unseal(string code) => (await unseal.Run(Student, code)).OrThrow();

    public async Task<MeView> PauseTest() => (await commands.Pause(Student)).OrThrow();

    public async Task<MeView> ResumeTest() => (await commands.Resume(Student)).OrThrow();

    private Task<Result<FollowAnswer>> FollowLobby(FeedPosition? position) =>
        feeds.Follow(Reader, Lobby, FeedNames.Lobby(Student.SessionId), position, snapshots.Lobby(Student.SessionId));

    private Task<Result<FollowAnswer>> FollowMe(FeedPosition? position) =>
        feeds.Follow(Reader, Me, FeedNames.Entry(Student.EntryId), position, snapshots.Me(Student.EntryId), Gate, Door);

    // Another device may have taken the entry over since this one was let in.
    private async Task<Result<FeedPosition>> Door()
    {
        var here = Here;
        var stand = await entries.Stand(here.Student);
        here.TakenOver |= stand.Failed(out var problem) && problem.Kind == ProblemKind.TakenOver;
        return stand;
    }

    // The device that another one took over learns of it, and nothing after it.
    private static ValueTask<Passage> Gate(FeedEvent happened) => ValueTask.FromResult(happened.Kind == "takenOver" ? Passage.SendAsLast : Passage.Send);
}

/// <summary>The answer of <c>Enter</c>: what <c>Follow</c> would have answered for each of the two feeds.</summary>
public sealed record EnterAnswer(FollowAnswer Lobby, FollowAnswer Me);
