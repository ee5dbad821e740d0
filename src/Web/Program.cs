using LiveProctor.Web.Hosting;

try
{
    var app = await LiveProctorHost.Build(args);
    await app.RunAsync();
    return 0;
}
catch (SettingsRefusedException refused)
{
    await Console.Error.WriteLineAsync($"LiveProctor does not start: {refused.Message}");
    return 2;
}
