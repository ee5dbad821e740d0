using System.Globalization;

namespace LiveProctor.Core.Notifications;

/// <summary>The sentences of mails in one language. <c>{0}</c> stands for what the name of the sentence says.</summary>
internal sealed record MailTexts
{
    public static readonly IReadOnlyList<string> Languages = ["en", "es", "fr"];

    public required CultureInfo Culture { get; init; }

    /// <summary>How a day and a time are written.</summary>
    public required string When { get; init; }

    public required string Hello { get; init; }

    public required IReadOnlyDictionary<MailKind, (string Subject, string Sentence)> Kinds { get; init; }

    /// <summary>Of an invitation without a session: subject and sentence.</summary>
    public required (string Subject, string Sentence) InvitedAnyTime { get; init; }

    public required string Opens { get; init; }

    public required string Closes { get; init; }

    public required string Zone { get; init; }

    public required string Formerly { get; init; }

    public required string Tests { get; init; }

    public required string Page { get; init; }

    public required string Keep { get; init; }

    /// <summary>The texts of a language, or of English where there are none.</summary>
    public static MailTexts Of(string language) => language switch { "es" => Spanish, "fr" => French, _ => English };

    private static readonly MailTexts English = new()
    {
        Culture = CultureInfo.GetCultureInfo("en-GB"),
        When = "dddd d MMMM yyyy, HH:mm",
        Hello = "Hello {0},",
        Kinds = new Dictionary<MailKind, (string, string)>
        {
            [MailKind.Moved] = ("New time: {0}", "the time of your session \"{0}\" has changed."),
            [MailKind.Cancelled] = ("Cancelled: {0}", "your session \"{0}\" has been cancelled. It will not take place."),
            [MailKind.Reassigned] = ("New session: {0}", "you take your test in another session from now on: \"{0}\"."),
            [MailKind.Unassigned] = ("No set time any more: {0}", "your test no longer belongs to the session \"{0}\". You can start it whenever you like."),
            [MailKind.Removed] = ("No longer registered: {0}", "you are no longer registered for the session \"{0}\"."),
            [MailKind.Invited] = ("Invitation: {0}", "you are registered for the session \"{0}\"."),
        },
        InvitedAnyTime = ("Invitation to your tests", "you are registered. You can start whenever you like."),
        Opens = "Opens",
        Closes = "Closes",
        Zone = "Time zone",
        Formerly = "Before",
        Tests = "Tests",
        Page = "Your page, with everything about your tests:",
        Keep = "This address is yours alone. Do not pass it on.",
    };

    private static readonly MailTexts Spanish = new()
    {
        Culture = CultureInfo.GetCultureInfo("es-ES"),
        When = "dddd d 'de' MMMM 'de' yyyy, HH:mm",
        Hello = "Hola, {0}:",
        Kinds = new Dictionary<MailKind, (string, string)>
        {
            [MailKind.Moved] = ("Nuevo horario: {0}", "ha cambiado el horario de tu sesión «{0}»."),
            [MailKind.Cancelled] = ("Cancelada: {0}", "tu sesión «{0}» se ha cancelado. No se celebrará."),
            [MailKind.Reassigned] = ("Nueva sesión: {0}", "a partir de ahora harás tu prueba en otra sesión: «{0}»."),
            [MailKind.Unassigned] = ("Ya sin horario fijo: {0}", "tu prueba ya no pertenece a la sesión «{0}». Puedes empezarla cuando quieras."),
            [MailKind.Removed] = ("Inscripción anulada: {0}", "ya no tienes inscripción en la sesión «{0}»."),
            [MailKind.Invited] = ("Invitación: {0}", "tienes inscripción en la sesión «{0}»."),
        },
        InvitedAnyTime = ("Invitación a tus pruebas", "tienes inscripción. Puedes empezar cuando quieras."),
        Opens = "Empieza",
        Closes = "Termina",
        Zone = "Zona horaria",
        Formerly = "Antes",
        Tests = "Pruebas",
        Page = "Tu página, con todo sobre tus pruebas:",
        Keep = "Esta dirección es solo tuya. No la compartas.",
    };

    private static readonly MailTexts French = new()
    {
        Culture = CultureInfo.GetCultureInfo("fr-FR"),
        When = "dddd d MMMM yyyy 'à' HH:mm",
        Hello = "Bonjour {0},",
        Kinds = new Dictionary<MailKind, (string, string)>
        {
            [MailKind.Moved] = ("Nouvel horaire : {0}", "l’horaire de ta session « {0} » a changé."),
            [MailKind.Cancelled] = ("Annulée : {0}", "ta session « {0} » est annulée. Elle n’aura pas lieu."),
            [MailKind.Reassigned] = ("Nouvelle session : {0}", "tu passeras désormais ton épreuve dans une autre session : « {0} »."),
            [MailKind.Unassigned] = ("Plus d’horaire fixe : {0}", "ton épreuve ne fait plus partie de la session « {0} ». Tu peux la commencer quand tu veux."),
            [MailKind.Removed] = ("Inscription retirée : {0}", "tu n’as plus d’inscription à la session « {0} »."),
            [MailKind.Invited] = ("Invitation : {0}", "tu as une inscription à la session « {0} »."),
        },
        InvitedAnyTime = ("Invitation à tes épreuves", "tu as une inscription. Tu peux commencer quand tu veux."),
        Opens = "Ouverture",
        Closes = "Fermeture",
        Zone = "Fuseau horaire",
        Formerly = "Avant",
        Tests = "Épreuves",
        Page = "Ta page, avec tout sur tes épreuves :",
        Keep = "Cette adresse est personnelle. Ne la transmets pas.",
    };
}
