using LiveProctor.Core.Accounts;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;

namespace LiveProctor.Web.Auth;

/// <summary>Registers accounts and sign-in.</summary>
internal static class AccountsSetup
{
    // OWASP's count for PBKDF2 with HMAC-SHA-512, which Identity's hasher uses; its own default is older.
    private const int PasswordIterations = 210_000;

    public static void AddAccounts(this IServiceCollection services)
    {
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordIterations);
        services.AddSingleton<IPasswordHasher<Staff>, PasswordHasher<Staff>>();
        services.AddSingleton<Passwords>();
        services.AddSingleton<StaffStore>();
        services.AddSingleton<ApiTokens>();
        services.AddSingleton<StaffAccess>();
        services.AddSingleton<FirstStart>();
        services.AddSingleton<CreateStaff>();
        services.AddSingleton<EditStaff>();
        services.AddSingleton<ChangePassword>();
        services.AddSingleton<SignInFailures>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<SharedKeys>();
        services.AddDataProtection().SetApplicationName("LiveProctor");
        services.AddOptions<KeyManagementOptions>().Configure<SharedKeys>((options, keys) => options.XmlRepository = keys);
        services.AddAuth();
    }
}
