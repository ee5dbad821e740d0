using System.CommandLine;
using LiveProctor.Bench;
using LiveProctor.Bench.Scenarios;
using LiveProctor.Bench.Yardsticks;

// What is printed is the same everywhere, whatever the machine's language.
System.Globalization.CultureInfo.DefaultThreadCurrentCulture = System.Globalization.CultureInfo.InvariantCulture;
System.Globalization.CultureInfo.CurrentCulture = System.Globalization.CultureInfo.InvariantCulture;

var scenario = new Argument<string>("scenario") { Description = $"all, or some of {string.Join(", ", Catalogue.Names)} with commas between", DefaultValueFactory = _ => "all" };
var scale = new Option<string>("--scale") { Description = "small ends within a minute a scenario; full is what the bars are judged by", DefaultValueFactory = _ => "small" };
scale.AcceptOnlyFromAmong("small", "full");
var size = new Option<int?>("--size") { Description = "Only this size, which may be another than those of the scale." };
var json = new Option<string?>("--json") { Description = "Also writes one JSON object a line into this file." };
var charts = new Option<string?>("--charts") { Description = "Also writes the figures as charts (SVG) and tables (Markdown) into this folder." };
var profile = new Option<bool>("--profile") { Description = "Also says where each world's time went: processes, and the database's statements." };
var root = new RootCommand("Measures LiveProctor beside its yardsticks.") { scenario, scale, size, json, charts, profile };
root.SetAction((parsed, _) =>
{
    LiveProctor.Bench.Running.Profile.Wanted = parsed.GetValue(profile);
    return Runs.Run(parsed.GetValue(scenario)!, parsed.GetValue(scale) == "full", parsed.GetValue(size), parsed.GetValue(json), parsed.GetValue(charts));
});

var figures = new Argument<string>("figures") { Description = "The file that --json wrote." };
var into = new Argument<string>("folder") { Description = "Where charts and tables go." };
var draw = new Command("charts", "Draws charts of figures that were measured before.") { figures, into };
draw.SetAction((parsed, _) => Runs.Draw(parsed.GetValue(figures)!, parsed.GetValue(into)!));

var guard = new Command("guard", "Measures at small scale and compares the ratios with the committed figures.");
guard.Options.Add(json);
guard.SetAction((parsed, _) => Runs.Guard(parsed.GetValue(json)));

var kind = new Argument<string>("kind");
kind.AcceptOnlyFromAmong("hub", "socket", "polling");
var port = new Option<int>("--port") { Required = true };
var postgres = new Option<string>("--postgres") { DefaultValueFactory = _ => "" };
var redis = new Option<string>("--redis") { DefaultValueFactory = _ => "" };
var board = new Option<string>("--board") { DefaultValueFactory = _ => "" };
var serve = new Command("serve", "Runs one yardstick; the bench starts it by itself.") { kind, port, postgres, redis, board };
serve.SetAction((parsed, _) => Serve.Run(
    parsed.GetValue(kind)!, parsed.GetValue(port), parsed.GetValue(postgres)!, parsed.GetValue(redis)!, parsed.GetValue(board)!));

root.Subcommands.Add(draw);
root.Subcommands.Add(guard);
root.Subcommands.Add(serve);
return await root.Parse(args).InvokeAsync();
