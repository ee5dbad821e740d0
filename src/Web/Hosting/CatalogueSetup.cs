using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Delivery;
using LiveProctor.Core.Groups;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Students;

namespace LiveProctor.Web.Hosting;

/// <summary>Registers tests, students, groups, registrations, profiles and delivery systems.</summary>
internal static class CatalogueSetup
{
    public static void AddCatalogue(this IServiceCollection services)
    {
        services.AddSingleton<TestStore>();
        services.AddSingleton<CreateTest>();
        services.AddSingleton<EditTest>();
        services.AddSingleton<StudentStore>();
        services.AddSingleton<CreateStudent>();
        services.AddSingleton<EditStudent>();
        services.AddSingleton<DeleteStudent>();
        services.AddSingleton<GroupStore>();
        services.AddSingleton<CreateGroup>();
        services.AddSingleton<EditGroup>();
        services.AddSingleton<DeleteGroup>();
        services.AddSingleton<ListRegistrations>();
        services.AddSingleton<RegisterStudents>();
        services.AddSingleton<ChangeRegistrations>();
        services.AddSingleton<CreditLedger>();
        services.AddSingleton<GrantCredits>();
        services.AddSingleton<CleanUp>();
        services.AddSingleton<ProfileStore>();
        services.AddSingleton<CreateProfile>();
        services.AddSingleton<EditProfile>();
        services.AddSingleton<DeleteProfile>();
        services.AddSingleton<SetDefaultProfile>();
        services.AddSingleton<TakeProfile>();
        services.AddSingleton<FollowProfiles>();
        services.AddSingleton<DeliverySystemStore>();
        services.AddSingleton<CreateDeliverySystem>();
    }
}
