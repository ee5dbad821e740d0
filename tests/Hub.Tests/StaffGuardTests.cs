using System.Reflection;
using System.Security.Claims;
using Dapper;
using LiveProctor.Core;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.Core.Storage;
using LiveProctor.Hub.Dashboard;
using LiveProctor.TestSupport;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveProctor.Hub.Tests;

/// <summary>A person whose account was closed gives no command on a connection that is still open.</summary>
public sealed class StaffGuardTests
{
    [Fact]
    public async Task A_closed_account_gives_no_command_and_learns_no_answer()
    {
        await using var database = await TestDatabase.New("sqlite");
        var (db, clock) = (database.Db, new ManualClock());
        var changes = new Changes(db, new LocalRelay(NullLogger<LocalRelay>.Instance), new LocalBoard(), clock);
        await db.Write(async (connection, transaction) => (await connection.ExecuteAsync(
            """
            INSERT INTO organisations (id, name, created_at) VALUES ('school', 'School', 0);
            INSERT INTO staff (id, organisation_id, email, email_key, name, role, security_stamp, disabled, created_at)
            VALUES ('ada', 'school', 'a@school.example', 'A@SCHOOL.EXAMPLE', 'Ada', 'Proctor', 'first', false, 0)
            """,
            transaction: transaction), Commit: true));
        var staff = new StaffStore(db);
        var guard = new StaffGuard(new StaffAccess(staff, new ApiTokens(db, changes, clock)));
        var connection = new Connection(StaffAccess.Principal((await staff.ById("ada"))!, "test"));

        Assert.Equal("done", await Call(nameof(Desk.Command)));
        Assert.True(await StaffGuard.StillIn(connection));
        Assert.Equal("seen", await Call(nameof(Desk.Look)));

        await db.Write(async (open, transaction) => (await open.ExecuteAsync("UPDATE staff SET disabled = true", transaction: transaction), Commit: true));
        var looks = Desk.Looks;
        Assert.StartsWith("[signInRequired]", (await Assert.ThrowsAsync<HubException>(() => Call(nameof(Desk.Look)))).Message, StringComparison.Ordinal);
        Assert.Equal(looks, Desk.Looks);
        Assert.StartsWith("[signInRequired]", (await Assert.ThrowsAsync<HubException>(() => Call(nameof(Desk.Command)))).Message, StringComparison.Ordinal);
        Assert.False(await StaffGuard.StillIn(connection));

        async Task<object?> Call(string method)
        {
            var desk = new Desk();
            var invocation = new HubInvocationContext(connection, null!, desk, typeof(Desk).GetMethod(method)!, []);
            return await guard.InvokeMethodAsync(invocation, now => ValueTask.FromResult(now.HubMethod.Invoke(desk, [])));
        }
    }

    [Fact]
    public void Only_what_changes_sessions_and_entries_is_a_command()
    {
        var others = typeof(DashboardHub).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => method.GetCustomAttribute<CommandAttribute>() is null).Select(method => method.Name).Order(StringComparer.Ordinal);
        Assert.Equal(["Clock", "Follow", "OnConnectedAsync", "OnDisconnectedAsync", "Unfollow"], others);
    }

    private sealed class Desk : Microsoft.AspNetCore.SignalR.Hub
    {
        public static int Looks { get; private set; }

        [Command]
        public static string Command() => "done";

        public static string Look()
        {
            Looks++;
            return "seen";
        }
    }

    private sealed class Connection(ClaimsPrincipal user) : HubCallerContext
    {
        public override string ConnectionId => "one";

        public override string? UserIdentifier => null;

        public override ClaimsPrincipal? User => user;

        public override IDictionary<object, object?> Items { get; } = new Dictionary<object, object?>();

        public override IFeatureCollection Features { get; } = new FeatureCollection();

        public override CancellationToken ConnectionAborted => CancellationToken.None;

        public override void Abort()
        {
        }
    }
}
