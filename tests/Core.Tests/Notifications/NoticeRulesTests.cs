using LiveProctor.Core.Notifications;
using Xunit;

namespace LiveProctor.Core.Tests.Notifications;

public sealed class NoticeRulesTests
{
    private static readonly DateTimeOffset Nine = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Telling_is_recommended_exactly_when_somebody_who_goes_by_the_old_dates_could_be_wrong()
    {
        var before = new Window(Nine, Nine.AddHours(2));
        for (var opens = -3; opens <= 3; opens++)
        {
            for (var closes = opens + 1; closes <= 5; closes++)
            {
                var after = new Window(Nine.AddHours(opens), Nine.AddHours(closes));
                var reasons = NoticeRules.Reasons(before, after);

                Assert.Equal(opens != 0 || closes < 2, reasons.Count > 0);
                Assert.Equal(opens < 0, reasons.Contains(NoticeReason.StartsEarlier));
                Assert.Equal(opens > 0, reasons.Contains(NoticeReason.StartsLater));
                Assert.Equal(closes < 2, reasons.Contains(NoticeReason.EndsEarlier));
                Assert.Equal(closes - opens < 2, reasons.Contains(NoticeReason.Shorter));
                Assert.DoesNotContain(NoticeReason.Cancelled, reasons);
            }
        }
    }

    [Fact]
    public void A_minute_counts() => Assert.Equal([NoticeReason.EndsEarlier, NoticeReason.Shorter], NoticeRules.Reasons(new Window(Nine, Nine.AddHours(2)), new Window(Nine, Nine.AddMinutes(119))));

    [Fact]
    public void The_next_try_comes_later_each_time_and_never_after_three_days()
    {
        var waits = Enumerable.Range(1, 30).Select(attempt => OutboxRules.NextTry(attempt, Nine, Nine, 0.5)!.Value - Nine).ToList();

        Assert.Equal(TimeSpan.FromMinutes(1), waits[0]);
        Assert.Equal(TimeSpan.FromMinutes(2), waits[1]);
        Assert.Equal(TimeSpan.FromHours(4), waits[^1]);
        Assert.Equal(waits.Order(), waits);
        Assert.Null(OutboxRules.NextTry(5, Nine, Nine.AddDays(3), 0.5));
        Assert.NotNull(OutboxRules.NextTry(5, Nine, Nine.AddDays(3).AddSeconds(-1), 0.5));
    }

    [Theory]
    [InlineData(0, 45)]
    [InlineData(1, 75)]
    public void Tries_are_spread_by_a_quarter(double jitter, int seconds) => Assert.Equal(Nine.AddSeconds(seconds), OutboxRules.NextTry(1, Nine, Nine, jitter));

    [Fact]
    public void What_was_sent_or_is_on_its_way_cannot_be_sent_again()
    {
        var allowed = Enum.GetValues<MailState>().Where(OutboxRules.MaySend);

        Assert.Equal([MailState.Waiting, MailState.Failed, MailState.Unconfirmed, MailState.Written], allowed);
    }
}
