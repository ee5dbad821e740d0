using LiveProctor.Core.Tickets;

namespace LiveProctor.Web.Hosting;

/// <summary>Registers tickets, seal codes and the student's own page.</summary>
internal static class TicketsSetup
{
    public static void AddTickets(this IServiceCollection services)
    {
        services.AddSingleton<PrintTickets>();
        services.AddSingleton<ChangeSessionPassword>();
        services.AddSingleton<SealCodes>();
        services.AddSingleton<Unseal>();
        services.AddSingleton<OwnPage>();
        services.AddSingleton<StartOwnTest>();
        services.AddSingleton<SeeTicket>();
    }
}
