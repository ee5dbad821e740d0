using LiveProctor.Core.Notifications;
using LiveProctor.Web.Api;

namespace LiveProctor.Web.Hosting;

/// <summary>Registers what students are told by mail, and the way that mails leave by.</summary>
internal static class NotificationsSetup
{
    public static void AddNotifications(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<IMailCarrier>(provider => settings.Smtp is { } server
            ? new SmtpCarrier(server, provider.GetRequiredService<TimeProvider>())
            : new FileCarrier(settings.MailFolder));
        services.AddSingleton<OutboxStore>();
        services.AddSingleton<SendMails>();
        services.AddSingleton<PreviewNotice>();
        services.AddSingleton<InviteStudents>();
        services.AddSingleton<ListOutbox>();
        services.AddSingleton<DecideMails>();
        services.AddSingleton<ChooseLanguage>();
        services.AddSingleton<Calendars>();
        services.AddSingleton<CalendarLinks>();
    }
}
