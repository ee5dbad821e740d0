using LiveProctor.Core.Audit;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Notifications;

/// <summary>A language to write to students in.</summary>
/// <param name="Language"><c>en</c>, <c>es</c> or <c>fr</c>.</param>
public sealed record LanguageChoice(string? Language);

/// <summary>Sets the language of mails to students who have none of their own. Problems: invalid.</summary>
public sealed class ChooseLanguage(Changes changes)
{
    public Task<Result<LanguageChoice>> Run(Actor actor, LanguageChoice choice) => changes.Run<LanguageChoice>(actor, async change =>
    {
        if (choice.Language is not { } language || !MailTexts.Languages.Contains(language))
        {
            return Problem.Invalid(("language", $"This is one of {string.Join(", ", MailTexts.Languages)}."));
        }

        await change.Execute("UPDATE organisations SET language = @language WHERE id = @id", new { language, id = actor.OrganisationId });
        change.Record(actor.OrganisationId, AuditLog.Organisation(actor.OrganisationId), "mailLanguageChosen", actor.OrganisationId, new { language });
        return choice;
    });
}
