using LiveProctor.Core.Accounts;
using LiveProctor.Core.Storage;
using LiveProctor.Web.Auth;
using Microsoft.AspNetCore.DataProtection;

namespace LiveProctor.Web.Hosting;

/// <summary>What happens before the first request: the tables, and somebody who can sign in.</summary>
internal static class Startup
{
    public static async Task Prepare(WebApplication app, Settings settings)
    {
        await app.Services.GetRequiredService<Migrator>().Run();
        await app.Services.GetRequiredService<SharedKeys>().MakeFirst(app.Services.GetRequiredService<IDataProtectionProvider>());
        var generated = settings.AdminPassword is null ? GeneratedPassword.New() : null;
        var passwords = app.Services.GetRequiredService<Passwords>();
        string Hash() => passwords.Hash(settings.AdminPassword ?? generated!);
        if (await app.Services.GetRequiredService<FirstStart>().Run(settings.OrganisationName, settings.AdminEmail, Hash))
        {
            app.Lifetime.ApplicationStarted.Register(() => Welcome(app, settings, generated));
        }
    }

    // To the console and not to the log: a log is kept and read by others.
    private static void Welcome(WebApplication app, Settings settings, string? password)
    {
        var address = settings.PublicUrl ?? string.Join(" or ", Kestrel.Addresses(app));
        Console.WriteLine();
        Console.WriteLine("  LiveProctor is ready.");
        Console.WriteLine($"  Open      {address}");
        Console.WriteLine($"  E-mail    {settings.AdminEmail}");
        Console.WriteLine(password is null ? "  Password  as configured" : $"  Password  {password}   (shown this once; change it after signing in)");
        Console.WriteLine();
    }
}
