using System.Diagnostics;
using LiveProctor.Web.Hosting;
using Xunit;

namespace LiveProctor.Web.Tests.Hosting;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("--LiveProctor:Rolls=web", "LiveProctor:Rolls")]
    [InlineData("--LiveProctor:Bootstrap:Email=a@b.example", "LiveProctor:Bootstrap:Email")]
    [InlineData("--LiveProctor:Smtp:Hots=mail", "LiveProctor:Smtp:Hots")]
    [InlineData("--LiveProctor:Roles=web,timer", "LiveProctor:Roles")]
    [InlineData("--LiveProctor:Roles=,", "LiveProctor:Roles")]
    [InlineData("--LiveProctor:PublicUrl=exams.school.example", "LiveProctor:PublicUrl")]
    [InlineData("--LiveProctor:PublicUrl=ftp://exams.school.example", "LiveProctor:PublicUrl")]
    [InlineData("--LiveProctor:PublicUrl=https://exams.school.example/path", "LiveProctor:PublicUrl")]
    [InlineData("--LiveProctor:DataDirectory=/dev/null/data", "LiveProctor:DataDirectory")]
    [InlineData("--LiveProctor:Bootstrap:AdminEmail=admin", "LiveProctor:Bootstrap:AdminEmail")]
    [InlineData("--LiveProctor:Bootstrap:AdminPassword=short", "LiveProctor:Bootstrap:AdminPassword")]
    [InlineData("--LiveProctor:TrustedProxies=proxy.local", "LiveProctor:TrustedProxies")]
    [InlineData("--LiveProctor:Smtp:Port=25", "LiveProctor:Smtp:Host")]
    [InlineData("--ConnectionStrings:Postgres=nonsense", "ConnectionStrings:Postgres")]
    [InlineData("--ConnectionStrings:Postgres=Database=exams", "ConnectionStrings:Postgres")]
    [InlineData("--ConnectionStrings:Redis=redis:port:port,nonsense=1", "ConnectionStrings:Redis")]
    [InlineData("--urls=nonsense", "urls")]
    public async Task An_impossible_setting_stops_the_start_with_a_sentence_that_names_it(string setting, string key)
    {
        var folder = Directory.CreateTempSubdirectory("liveproctor-");
        var refused = await Assert.ThrowsAsync<SettingsRefusedException>(() => LiveProctorHost.Build([$"--LiveProctor:DataDirectory={folder.FullName}", setting]));
        Assert.StartsWith(key, refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", refused.Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("--LiveProctor:Smtp:Host=mail", "--LiveProctor:Smtp:From=nobody", "LiveProctor:Smtp:From")]
    [InlineData("--LiveProctor:Smtp:Host=mail", "--LiveProctor:Smtp:Port=99999", "LiveProctor:Smtp:Port")]
    [InlineData("--LiveProctor:Smtp:Host=mail", "--LiveProctor:Smtp:Security=maybe", "LiveProctor:Smtp:Security")]
    [InlineData("--LiveProctor:Smtp:Host=mail", "--LiveProctor:Smtp:TimeoutSeconds=0", "LiveProctor:Smtp:TimeoutSeconds")]
    [InlineData("--LiveProctor:Bootstrap:AdminEmail=administrator@school.example", "--LiveProctor:Bootstrap:AdminPassword=administrator@school.example", "LiveProctor:Bootstrap:AdminPassword")]
    public async Task An_impossible_pair_of_settings_stops_the_start(string first, string second, string key)
    {
        var refused = await Assert.ThrowsAsync<SettingsRefusedException>(() => LiveProctorHost.Build([first, second]));
        Assert.StartsWith(key, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_process_ends_with_one_sentence_and_without_a_stack_trace()
    {
        var (status, output, errors) = await Run(["--LiveProctor:Rolls=web"], _ => false);
        Assert.NotEqual(0, status);
        Assert.Equal("LiveProctor does not start: LiveProctor:Rolls is not a setting that LiveProctor knows.", errors.Trim());
        Assert.Empty(output);
        (status, _, errors) = await Run(["--ConnectionStrings:Postgres=Host=127.0.0.1;Port=1;Timeout=2"], _ => false);
        Assert.NotEqual(0, status);
        Assert.Contains("ConnectionStrings:Postgres", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_start_prints_a_one_time_password_once_and_keeps_its_data_private()
    {
        var folder = Directory.CreateTempSubdirectory("liveproctor-");
        var data = Path.Combine(folder.FullName, "data");
        string[] arguments = [$"--LiveProctor:DataDirectory={data}", "--urls=http://127.0.0.1:0"];
        var (status, output, _) = await Run(arguments, line => line.Contains("Password", StringComparison.Ordinal));
        Assert.Equal(0, status);
        Assert.Matches(@"Open +http://127\.0\.0\.1:\d+", output);
        Assert.Contains("admin@liveproctor.local", output, StringComparison.Ordinal);
        Assert.Matches(@"Password +(\w{5}-){3}\w{5} ", output);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(data) == (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        (_, output, _) = await Run(arguments, line => line.Contains("Application started", StringComparison.Ordinal));
        Assert.DoesNotContain("Password", output, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    /// <summary>Runs the program as an operator does, until a line of its output is the one waited for, or it ends.</summary>
    private static async Task<(int Status, string Output, string Errors)> Run(string[] arguments, Func<string, bool> enough)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "LiveProctor.Web.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = new List<string>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            output.Add(line);
            if (enough(line))
            {
                using var stop = Process.Start("kill", ["-TERM", $"{process.Id}"]);
                output.Add(await process.StandardOutput.ReadToEndAsync());
                break;
            }
        }

        await process.WaitForExitAsync();
        return (process.ExitCode, string.Join('\n', output), await errors);
    }
}
