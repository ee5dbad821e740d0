using LiveProctor.Core.Imports;

namespace LiveProctor.Web.Hosting;

/// <summary>Registers imports and who works on them: every process, whatever its roles.</summary>
internal static class ImportsSetup
{
    public static void AddImports(this IServiceCollection services)
    {
        services.AddSingleton<ImportStore>();
        services.AddSingleton<ImportPoke>();
        services.AddSingleton<StartImport>();
        services.AddSingleton<ApplyImport>();
        services.AddSingleton<CancelImport>();
        services.AddSingleton<WorkImports>();
        services.AddHostedService<ImportRunner>();
    }
}
