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
    private StudentCaller Student => StudentClaims.Of(Context.User);

    private static HubException TakenOver => HubProblems.Error(new Problem(ProblemKind.TakenOver, "This test was opened on another device."));

    private FeedReader Reader => Context.Features.Get<FeedReader>()!;

    public override Task OnConnectedAsync()
    {
        attendance.Arrive(Context.ConnectionId, new StudentConnection(Student, Context.Abort));
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
            throw TakenOver;
        }

        return new ClockAnswer(time.Now());
    }

    public async Task<FollowAnswer> Follow(string feed, FeedPosition? position)
    {
        var student = Student;
        if (await entries.Find(student.EntryId) is { } entry && entry.Device != student.Device)
        {
            attendance.TakeOver(entry.Id, entry.Device);
            throw TakenOver;
        }

        var followed = feed switch
        {
            "lobby" => await feeds.Follow(Reader, feed, FeedNames.Lobby(student.SessionId), position, snapshots.Lobby(student.SessionId)),
            "me" => await feeds.Follow(Reader, feed, FeedNames.Entry(student.EntryId), position, snapshots.Me(student.EntryId), Gate),
            _ => new Problem(ProblemKind.FeedUnknown, "There is no such feed."),
        };
        attendance.MarkFresh(FeedNames.Lobby(student.SessionId));
        return followed.OrThrow();
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

    // The device that another one took over learns of it, and nothing after it.
    private static ValueTask<Passage> Gate(FeedEvent happened) => ValueTask.FromResult(happened.Kind == "takenOver" ? Passage.SendAsLast : Passage.Send);
}
