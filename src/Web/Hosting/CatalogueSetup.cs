namespace LiveProctor.Web.Hosting;

/// <summary>Registers tests, students and profiles.</summary>
internal static class CatalogueSetup
{
    public static void AddCatalogue(this IServiceCollection services)
    {
    }
}
