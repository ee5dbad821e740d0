using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace LiveProctor.Core.Live;

/// <summary>
/// The one connection of a node to Redis, and the only file that knows which version of the client library it is.
/// It connects when first used, reconnects by itself, and never throws to a caller: nothing in Redis is the truth, so every caller can go on without it.
/// A Redis that refuses connections answers "not reached" at once; one that hangs makes the callers of that moment wait a second, and nobody after them.
/// </summary>
/// <param name="configuration">As <c>ConnectionStrings:Redis</c> holds it.</param>
public sealed class RedisLink(string configuration, TimeProvider time, ILogger<RedisLink>? log = null) : IDisposable
{
    // Real time, whatever clock the program runs on: it is the network that is waited for.
    private static readonly TimeProvider Network = TimeProvider.System;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(500);

    private readonly ILogger log = log ?? NullLogger<RedisLink>.Instance;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock starting = new();
    private Task? ready;
    private volatile ConnectionMultiplexer? connection;
    private volatile bool answering;
    private long lastTrouble;

    /// <summary>False while calls would go unanswered.</summary>
    public bool IsUp => answering && connection is { IsConnected: true };

    /// <summary>
    /// The last instant at which Redis was known to be out of this node's reach; the start of the connection when there was no trouble since.
    /// What other nodes wrote before it may have been lost to trouble that they shared.
    /// </summary>
    public DateTimeOffset LastTrouble => DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Read(ref lastTrouble));

    /// <summary>Raised each time Redis begins to answer: at the first connection and after every trouble.</summary>
    public event EventHandler? CameUp;

    /// <summary>Asks one question, which must not block; waits at most a second.</summary>
    public async ValueTask<RedisReply<T>> Ask<T>(Func<IDatabase, Task<T>> question)
    {
        if (!await Ready())
        {
            return default;
        }

        try
        {
            return new(true, await question(connection!.GetDatabase()).WaitAsync(Patience, Network));
        }
        catch (RedisServerException refusal)
        {
            Trouble();
            log.LogWarning(refusal, "Redis refused a command");
            return default;
        }
        catch (TimeoutException hanging)
        {
            Down(hanging);
            return default;
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            // One server of a cluster may be away while the others answer, and the library fails fast for it: not a reason to stop asking.
            Trouble();
            return default;
        }
    }

    /// <summary>Runs a script, sent in full only when the server does not have it yet.</summary>
    public ValueTask<RedisReply<RedisResult>> Run(RedisScript script, RedisKey[] keys, RedisValue[] values) => Ask(async database =>
    {
        try
        {
            return await database.ScriptEvaluateAsync(script.Hash, keys, values);
        }
        catch (RedisServerException refusal) when (refusal.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            object[] arguments = [script.Text, keys.Length, .. keys.Cast<object>(), .. values.Cast<object>()];
            return await database.ExecuteAsync("EVAL", arguments);
        }
    });

    /// <summary>Tells all subscribers of a channel; true when Redis took it.</summary>
    public async ValueTask<bool> Publish(string channel, byte[] message) =>
        (await Ask(database => database.PublishAsync(Literal(channel), message))).Reached;

    /// <summary>
    /// Hears a channel, in the order of sending, as long as the link lives. Messages sent while Redis is out of reach are lost; the subscription is renewed.
    /// False when Redis is not reached: subscribe again when it <see cref="CameUp"/>.
    /// </summary>
    public async ValueTask<bool> Subscribe(string channel, Action<byte[]> take)
    {
        if (!await Ready())
        {
            return false;
        }

        try
        {
            await connection!.GetSubscriber().SubscribeAsync(Literal(channel), (_, message) => take(message!)).WaitAsync(Patience, Network);
            return true;
        }
        catch (Exception broken) when (broken is TimeoutException || IsBroken(broken))
        {
            Trouble();
            return false;
        }
    }

    public void Dispose()
    {
        lock (starting)
        {
            ready ??= Task.CompletedTask;
        }

        stopping.Cancel();
        answering = false;
        connection?.Dispose();
        stopping.Dispose();
    }

    private static RedisChannel Literal(string channel) => new(channel, RedisChannel.PatternMode.Literal);

    private static bool IsBroken(Exception problem) => problem is RedisException or ObjectDisposedException or OperationCanceledException;

    /// <summary>Waits, at the very first use only, until the connection stands or a second has passed.</summary>
    private async ValueTask<bool> Ready()
    {
        if (ready is not { IsCompleted: true })
        {
            lock (starting)
            {
                ready ??= Start();
            }

            await ready;
        }

        return IsUp;
    }

    private async Task Start()
    {
        Trouble();
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = Task.Run(() => Watch(first, stopping.Token));
        await Task.WhenAny(first.Task, Task.Delay(Patience, Network));
    }

    /// <summary>Keeps asking whether Redis answers, so that a hanging one is noticed even by a node that has nothing to ask.</summary>
    private async Task Watch(TaskCompletionSource first, CancellationToken stop)
    {
        using var tick = new PeriodicTimer(WatchEvery, Network);
        do
        {
            try
            {
                connection ??= await Connect();
                await connection.GetDatabase().PingAsync().WaitAsync(Patience, Network, stop);
                Up();
                first.TrySetResult();
            }
            catch (Exception broken) when (broken is TimeoutException || IsBroken(broken))
            {
                if (!stop.IsCancellationRequested)
                {
                    Down(broken);
                }
            }
        }
        while (!stop.IsCancellationRequested && await NextTick());

        async Task<bool> NextTick()
        {
            try
            {
                return await tick.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    private async Task<ConnectionMultiplexer> Connect()
    {
        var options = ConfigurationOptions.Parse(configuration);
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = (int)Patience.TotalMilliseconds;
        options.ReconnectRetryPolicy = new LinearRetry((int)WatchEvery.TotalMilliseconds);
        options.ClientName ??= "liveproctor";
        var opened = await ConnectionMultiplexer.ConnectAsync(options);
        opened.ConnectionFailed += (_, _) => Trouble();
        opened.ConnectionRestored += (_, _) => Trouble();
        if (stopping.IsCancellationRequested)
        {
            opened.Dispose();
        }

        return opened;
    }

    private void Up()
    {
        if (!answering)
        {
            Trouble();
            answering = true;
            log.LogInformation("Redis answers");
            CameUp?.Invoke(this, EventArgs.Empty);
        }
    }

    private void Down(Exception reason)
    {
        Trouble();
        if (answering)
        {
            answering = false;
            log.LogWarning(reason, "Redis does not answer; going on without it");
        }
    }

    private void Trouble() => Interlocked.Exchange(ref lastTrouble, time.Now().ToUnixTimeMilliseconds());
}

/// <summary>What Redis answered, or that it was not reached.</summary>
public readonly record struct RedisReply<T>(bool Reached, T? Value);
