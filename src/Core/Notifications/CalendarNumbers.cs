using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Notifications;

/// <summary>What numbers (SEQUENCE) a student's calendar may have seen of a session.</summary>
/// <param name="Told">The highest of any mail; 0 when there was none.</param>
/// <param name="Ahead">How far a mail's number was ahead of the schedule version that it told.</param>
internal sealed record CalendarNumbers(long Told, long Ahead)
{
    /// <summary>Parameters: studentId, sessionId.</summary>
    public const string Read = """
        SELECT COALESCE(max(told.number), 0) AS Told, COALESCE(max(told.ahead), 0) AS Ahead FROM (
            SELECT sequence AS number, sequence - schedule_version AS ahead FROM outbox WHERE student_id = @studentId AND session_id = @sessionId
            UNION ALL SELECT former_sequence, 0 FROM outbox WHERE student_id = @studentId AND former_session_id = @sessionId) AS told
        """;

    /// <summary>The number of the session as it is now: it rises with each change of dates, and with the cancellation.</summary>
    public long Of(Session session) => Math.Max(Told, session.ScheduleVersion + Ahead) + (session.Phase == SessionPhase.Cancelled ? 1 : 0);
}
