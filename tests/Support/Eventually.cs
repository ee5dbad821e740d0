using System.Runtime.CompilerServices;

namespace LiveProctor.TestSupport;

/// <summary>Waits for what happens on another thread, process or machine: asks again and again until it holds or a deadline passes.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Returns as soon as <paramref name="condition"/> holds; throws a <see cref="TimeoutException"/> that names it after 20 s or <paramref name="within"/>.</summary>
    public static Task True(
        Func<bool> condition, string? what = null, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string text = "") =>
        True(() => Task.FromResult(condition()), what ?? text, within);

    /// <inheritdoc cref="True(Func{bool}, string?, TimeSpan?, string)"/>
    public static async Task True(
        Func<Task<bool>> condition, string? what = null, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        var time = TimeProvider.System;
        var patience = within ?? TimeSpan.FromSeconds(20);
        var started = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(started) > patience)
            {
                throw new TimeoutException($"Not within {patience.TotalSeconds} s: {what ?? text}");
            }

            await Task.Delay(Pause, time);
        }
    }
}
