using LiveProctor.Bench.Results;
namespace LiveProctor.Bench.Scenarios;
internal static class Rush { public static Task Run(Setting setting, Report report) => throw new NotSupportedException(); }
