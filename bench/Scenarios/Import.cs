using LiveProctor.Bench.Results;
namespace LiveProctor.Bench.Scenarios;
internal static class Import { public static Task Run(Setting setting, Report report) => throw new NotSupportedException(); }
