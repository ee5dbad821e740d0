using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Delivery;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Students;

namespace LiveProctor.Web.Hosting;

/// <summary>Registers tests, students, profiles and delivery systems.</summary>
internal static class CatalogueSetup
{
    public static void AddCatalogue(this IServiceCollection services)
    {
        services.AddSingleton<TestStore>();
        services.AddSingleton<CreateTest>();
        services.AddSingleton<StudentStore>();
        services.AddSingleton<CreateStudent>();
        services.AddSingleton<ProfileStore>();
        services.AddSingleton<CreateProfile>();
        services.AddSingleton<DeliverySystemStore>();
        services.AddSingleton<CreateDeliverySystem>();
    }
}
