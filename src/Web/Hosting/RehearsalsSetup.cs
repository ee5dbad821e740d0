using LiveProctor.Core.Rehearsals;

namespace LiveProctor.Web.Hosting;

/// <summary>Registers rehearsals and, in a process that serves the web, who drives them.</summary>
internal static class RehearsalsSetup
{
    public static void AddRehearsals(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<StudentMeans>();
        services.AddSingleton<EndAbandoned>();
        services.AddSingleton<RehearsalDriver>();
        services.AddSingleton<StartRehearsal>();
        if (settings.ServesWeb)
        {
            services.AddHostedService(provider => provider.GetRequiredService<RehearsalDriver>());
        }
    }
}
