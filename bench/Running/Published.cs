using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LiveProctor.Bench.Running;

/// <summary>The program as it is published: compiled ahead where its processor is the one it is compiled ahead for.</summary>
internal static class Published
{
    /// <summary>Publishes what the source tree holds now.</summary>
    public static async Task Make()
    {
        Console.Error.WriteLine("dotnet publish src/Web");
        string[] ahead = OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64 ? ["-r", "linux-x64", "--self-contained", "false"] : [];
        var start = new ProcessStartInfo("dotnet", ["publish", Places.Web, "-c", "Release", "-o", Places.Published, "-nodeReuse:false", .. ahead]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var publish = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        var printed = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        if (publish.ExitCode != 0)
        {
            throw new InvalidOperationException($"The program could not be published: {printed}");
        }
    }
}
