namespace LiveProctor.Core.Registrations;

/// <summary>A registration as staff see it.</summary>
/// <param name="UserId">The student's, again: what the student signs in with.</param>
/// <param name="SessionName">Null, like the three after it, without a session.</param>
/// <param name="OverCapacity">
/// Only in the answer that registers or moves: by how many registrations the session has more than it may admit; null when it does not.
/// </param>
public sealed record RegistrationView(
    string Id, string UserId, RegistrationStatus Status, RegisteredStudent Student, string TestCode, string TestTitle,
    string? SessionId, string? SessionName, DateTimeOffset? OpensAt, DateTimeOffset? ClosesAt, string? TimeZone,
    IReadOnlyDictionary<string, string> Settings, string? EntryId, DateTimeOffset? InvitedAt, DateTimeOffset CreatedAt, long Version, int? OverCapacity = null);

/// <summary>The student of a registration.</summary>
public sealed record RegisteredStudent(string Id, string ExternalId, string UserId, string GivenName, string FamilyName, string? Email);

/// <summary>What became of registering many at once.</summary>
/// <param name="Moved">Those who were registered to the test elsewhere, and belong to this session now.</param>
/// <param name="Already">Those who were registered so before.</param>
/// <param name="OverCapacity">By how many registrations the session has more than it may admit; null when it does not.</param>
public sealed record RegisteredMany(int Registered, int Moved, int Already, IReadOnlyList<RefusedStudent> Refused, int? OverCapacity);

/// <summary>Why a student was not registered.</summary>
/// <param name="Code">The problem's code, as in docs/errors.md.</param>
public sealed record RefusedStudent(string StudentId, string Code, string Reason);

/// <summary>What became of moving or cancelling many at once.</summary>
/// <param name="Already">Those to whom nothing had to be done.</param>
public sealed record ChangedMany(int Changed, int Already, IReadOnlyList<RefusedRegistration> Refused, int? OverCapacity);

/// <summary>Why a registration was left as it is.</summary>
/// <param name="Code">The problem's code, as in docs/errors.md.</param>
public sealed record RefusedRegistration(string Id, string Code, string Reason);
