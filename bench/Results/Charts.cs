namespace LiveProctor.Bench.Results;
internal static class Charts { public static void Write(IReadOnlyList<Row> rows, string folder) { } }
