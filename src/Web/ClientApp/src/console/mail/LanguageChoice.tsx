import { call } from '../../shared/api';
import { problemText } from '../problemText';
import { toast } from '../shell/toasts';
import { t } from '../text';

const languages = ['en', 'es', 'fr'] as const;

/** In which language students are written to who have none of their own. */
export function LanguageChoice({ value, onChosen }: { value: string; onChosen: (language: string) => void }) {
  const choose = async (language: (typeof languages)[number]) => {
    const answer = await call('PUT', '/outbox/language', { body: { language } });
    if (!answer.ok) return toast(problemText(answer.problem), { tone: 'bad' });
    onChosen(language);
    toast(t('mail.languageSaved', { language: t(`mail.language.${language}`) }));
  };
  return (
    <label class="mailLanguage">
      {t('mail.language')}
      <select
        class="input"
        value={value}
        onChange={(event) => void choose(event.currentTarget.value as (typeof languages)[number])}
      >
        {languages.map((language) => (
          <option key={language} value={language}>
            {t(`mail.language.${language}`)}
          </option>
        ))}
      </select>
    </label>
  );
}
