using System.Diagnostics;

namespace LiveProctor.Bench.Running;

/// <summary>Installs npm packages from a lock file, when they are not there.</summary>
internal static class Npm
{
    private static readonly SemaphoreSlim Gate = new(1, 1);

    /// <summary>Runs <c>npm ci</c> in a folder without node_modules.</summary>
    public static async Task Install(string folder)
    {
        await Gate.WaitAsync();
        try
        {
            // npm writes this file when it has installed everything.
            if (File.Exists(Path.Combine(folder, "node_modules", ".package-lock.json")))
            {
                return;
            }

            Console.Error.WriteLine($"npm ci in {folder}");
            var start = new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]) { WorkingDirectory = folder };
            start.Environment["PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD"] = "1";
            using var npm = Process.Start(start) ?? throw new InvalidOperationException("npm did not start.");
            await npm.WaitForExitAsync();
            if (npm.ExitCode != 0)
            {
                throw new InvalidOperationException($"npm ci failed in {folder}.");
            }
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>Runs a script to its end and answers the last line that it prints.</summary>
    public static async Task<string> Run(string script, params string[] arguments)
    {
        await Install(Places.Yardsticks);
        var start = new ProcessStartInfo("node", [Path.Combine(Places.Yardsticks, script), .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var node = Process.Start(start) ?? throw new InvalidOperationException("Node did not start.");
        var printed = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return node.ExitCode == 0
            ? printed.TrimEnd().Split('\n')[^1]
            : throw new InvalidOperationException($"{script} failed: {printed}");
    }
}
