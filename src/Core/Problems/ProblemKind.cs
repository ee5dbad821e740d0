using System.Reflection;

namespace LiveProctor.Core.Problems;

/// <summary>One row of the table of errors: stable code, HTTP status, and whether sending the same again can help.</summary>
/// <param name="Code">Stable, camelCase; part of the wire contract.</param>
/// <param name="Status">The HTTP status it is answered with.</param>
/// <param name="Title">A short name of the problem, the same for every occurrence.</param>
/// <param name="Retry">True when the same request may succeed later without being changed.</param>
public sealed record ProblemKind(string Code, int Status, string Title, bool Retry = false)
{
    // Input
    public static readonly ProblemKind MalformedJson = new("malformedJson", 400, "The body is not the JSON that this call takes");
    public static readonly ProblemKind Invalid = new("invalid", 422, "Some fields are not valid");
    public static readonly ProblemKind InvalidArguments = new("invalidArguments", 400, "The arguments of the call are not valid");
    public static readonly ProblemKind TooLarge = new("tooLarge", 413, "The body is too large");
    public static readonly ProblemKind UnsupportedMediaType = new("unsupportedMediaType", 415, "The body must be JSON");
    public static readonly ProblemKind MethodNotAllowed = new("methodNotAllowed", 405, "This call does not exist with that method");
    public static readonly ProblemKind IdempotencyKeyReused = new("idempotencyKeyReused", 422, "The idempotency key belongs to another request");

    // Who
    public static readonly ProblemKind SignInRequired = new("signInRequired", 401, "Sign in first");
    public static readonly ProblemKind SignInFailed = new("signInFailed", 401, "E-mail or password is wrong");
    public static readonly ProblemKind LockedOut = new("lockedOut", 423, "The account is locked for a while", Retry: true);
    public static readonly ProblemKind Forbidden = new("forbidden", 403, "Your role does not allow this");
    public static readonly ProblemKind HeaderRequired = new("headerRequired", 403, "The header X-LiveProctor is missing");
    public static readonly ProblemKind Throttled = new("throttled", 429, "Too many attempts", Retry: true);
    public static readonly ProblemKind NotFound = new("notFound", 404, "Not found");

    // Versions
    public static readonly ProblemKind VersionRequired = new("versionRequired", 428, "If-Match is required");
    public static readonly ProblemKind Stale = new("stale", 412, "It was changed meanwhile");
    public static readonly ProblemKind Duplicate = new("duplicate", 409, "It exists already");
    public static readonly ProblemKind ProfileInUse = new("profileInUse", 409, "The profile is in use");

    // Sessions
    public static readonly ProblemKind WrongPhase = new("wrongPhase", 409, "The session's phase does not allow this");
    public static readonly ProblemKind NotYet = new("notYet", 409, "It is too early for this", Retry: true);
    public static readonly ProblemKind SessionRunning = new("sessionRunning", 409, "A running session must be stopped first");
    public static readonly ProblemKind RehearsalsRunning = new("rehearsalsRunning", 409, "Enough rehearsals are running", Retry: true);

    // Registrations
    public static readonly ProblemKind CreditsExhausted = new("creditsExhausted", 409, "The organisation has not enough credits");
    public static readonly ProblemKind RegistrationStarted = new("registrationStarted", 409, "The test was started, completed or cancelled already");
    public static readonly ProblemKind StudentBusy = new("studentBusy", 409, "The student is in a session at this moment", Retry: true);

    // Imports
    public static readonly ProblemKind ImportUnreadable = new("importUnreadable", 422, "The file cannot be read");
    public static readonly ProblemKind ImportTooLong = new("importTooLong", 422, "The file has too many rows");
    public static readonly ProblemKind ImportNotReady = new("importNotReady", 409, "The import's state does not allow this");
    public static readonly ProblemKind ImportsRunning = new("importsRunning", 409, "Enough imports are being worked on", Retry: true);

    // The way in
    public static readonly ProblemKind StudentUnknown = new("studentUnknown", 422, "Student ID and first name do not match");
    public static readonly ProblemKind TicketWrong = new("ticketWrong", 422, "User ID or password is wrong");
    public static readonly ProblemKind TicketOutdated = new("ticketOutdated", 409, "The ticket was printed before the password was changed");
    public static readonly ProblemKind GuestsNotAllowed = new("guestsNotAllowed", 422, "This session takes no guests");
    public static readonly ProblemKind TestChoiceRequired = new("testChoiceRequired", 422, "Choose a test");
    public static readonly ProblemKind CodeRequired = new("codeRequired", 422, "The session code is needed");
    public static readonly ProblemKind CodeWrong = new("codeWrong", 422, "The session code is wrong");
    public static readonly ProblemKind LobbyNotOpen = new("lobbyNotOpen", 409, "The lobby is not open yet", Retry: true);
    public static readonly ProblemKind SessionEnded = new("sessionEnded", 409, "The session has ended");
    public static readonly ProblemKind SessionCancelled = new("sessionCancelled", 409, "The session was cancelled");
    public static readonly ProblemKind AlreadyDone = new("alreadyDone", 409, "This test is already finished");

    // Entries
    public static readonly ProblemKind WrongState = new("wrongState", 409, "The entry's state does not allow this");
    public static readonly ProblemKind TakenOver = new("takenOver", 401, "The test was opened on another device");
    public static readonly ProblemKind CoolDown = new("coolDown", 409, "Wait a moment before you ask again", Retry: true);
    public static readonly ProblemKind AskedTooOften = new("askedTooOften", 409, "You have asked as often as is possible");
    public static readonly ProblemKind NotApproved = new("notApproved", 409, "The proctor has not approved yet", Retry: true);
    public static readonly ProblemKind WindowNotOpen = new("windowNotOpen", 409, "The window is not open yet", Retry: true);
    public static readonly ProblemKind SessionHeld = new("sessionHeld", 409, "The proctor has paused everyone", Retry: true);
    public static readonly ProblemKind WindowClosed = new("windowClosed", 409, "The window is closed");
    public static readonly ProblemKind NotPermitted = new("notPermitted", 409, "The proctoring profile does not permit this");
    public static readonly ProblemKind ApprovalNeeded = new("approvalNeeded", 409, "The proctor must approve again");
    public static readonly ProblemKind CommandPending = new("commandPending", 409, "Another command is not confirmed yet", Retry: true);

    public static readonly ProblemKind SealCodeWrong = new("sealCodeWrong", 422, "The seal code is wrong");
    public static readonly ProblemKind ActiveElsewhere = new("activeElsewhere", 409, "The student is in another session");

    // Delivery
    public static readonly ProblemKind TokenInvalid = new("tokenInvalid", 422, "The entry token is not valid");
    public static readonly ProblemKind TokenExpired = new("tokenExpired", 422, "The entry token has expired");
    public static readonly ProblemKind TokenUsed = new("tokenUsed", 409, "The entry token was redeemed before");
    public static readonly ProblemKind TokenRevoked = new("tokenRevoked", 409, "The entry token was revoked");
    public static readonly ProblemKind SequenceTooOld = new("sequenceTooOld", 409, "A later report was already taken");
    public static readonly ProblemKind WrongAttempt = new("wrongAttempt", 409, "The report belongs to another attempt");

    // The program
    public static readonly ProblemKind FeedUnknown = new("feedUnknown", 404, "There is no such feed");
    public static readonly ProblemKind Unavailable = new("unavailable", 503, "Storage does not answer", Retry: true);
    public static readonly ProblemKind Unexpected = new("unexpected", 500, "Something went wrong here", Retry: true);

    /// <summary>Every row, as docs/errors.md lists them.</summary>
    public static IReadOnlyList<ProblemKind> All { get; } =
        [.. typeof(ProblemKind).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<ProblemKind>()];
}
