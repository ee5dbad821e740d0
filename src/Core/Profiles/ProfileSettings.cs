namespace LiveProctor.Core.Profiles;

/// <summary>What happens to running tests when the window closes.</summary>
public enum CloseRule
{
    /// <summary>They keep their remaining and credited time.</summary>
    Finish,

    /// <summary>They are paused.</summary>
    Pause,

    /// <summary>They are ended.</summary>
    End,
}

/// <summary>The settings of a proctoring profile. A session keeps the ones it took over (<see cref="FollowRules"/>), so that nothing changes under its proctor.</summary>
public sealed record ProfileSettings
{
    /// <summary>The longest that <see cref="PauseLimitMinutes"/> may be told to be, and what stands for no limit at all.</summary>
    private const int Endless = 1_000_000;

    /// <summary>What applies where a session names no profile and its organisation has chosen no default.</summary>
    public static ProfileSettings Default { get; } = new();

    /// <summary>What applies to an entry whose test is not proctored, whatever the session's profile says: there is nobody to ask (docs/decisions/0071).</summary>
    public static ProfileSettings Unproctored { get; } = new() { AutoAdmit = true, StudentMayPause = true, PauseLimitMinutes = Endless };

    /// <summary>How long before the window the lobby opens; 0–1,440.</summary>
    public int LobbyLeadMinutes { get; init; } = 30;

    public CloseRule CloseRule { get; init; } = CloseRule.Finish;

    /// <summary>How long after the window running tests may last at most; 0–1,440.</summary>
    public int GraceMinutes { get; init; } = 240;

    /// <summary>True when a student without flags is approved without a proctor.</summary>
    public bool AutoAdmit { get; init; }

    public bool StudentMayPause { get; init; }

    /// <summary>A pause or interruption up to this long resumes in place, a longer one needs approval; 0–240.</summary>
    public int PauseLimitMinutes { get; init; } = 20;

    /// <summary>A session started at once drains after so long without a proctor and without a running test; 0 = never, at most 1,440.</summary>
    public int IdleMinutes { get; init; } = 20;

    /// <summary>Over how long the students' pages spread when the window opens; 0–30,000.</summary>
    public int AdmitJitterMilliseconds { get; init; } = 2000;
}
