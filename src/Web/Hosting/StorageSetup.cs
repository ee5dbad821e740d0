using LiveProctor.Core.Audit;
using LiveProctor.Core.Storage;

namespace LiveProctor.Web.Hosting;

/// <summary>Registers the database and what works on it directly.</summary>
internal static class StorageSetup
{
    public static void AddStorage(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(_ => settings.Postgres is { } connection ? Db.Postgres(connection) : Db.Sqlite(settings.SqlitePath));
        services.AddSingleton<Migrator>();
        services.AddSingleton<Changes>();
        services.AddSingleton<AuditLog>();
    }
}
