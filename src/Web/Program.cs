using System.Net.Sockets;
using LiveProctor.Web.Hosting;
using Npgsql;

try
{
    var app = await LiveProctorHost.Build(args);
    await app.RunAsync();
    return 0;
}
catch (SettingsRefusedException refused)
{
    return await Refuse(refused.Message);
}
catch (Exception fault) when (fault is NpgsqlException or SocketException)
{
    return await Refuse($"ConnectionStrings:Postgres names a database that does not answer: {fault.Message}");
}
catch (IOException fault) when (fault.Message.StartsWith("Failed to bind", StringComparison.Ordinal))
{
    return await Refuse($"urls: {fault.Message}");
}

static async Task<int> Refuse(string sentence)
{
    await Console.Error.WriteLineAsync($"LiveProctor does not start: {sentence}");
    return 2;
}
