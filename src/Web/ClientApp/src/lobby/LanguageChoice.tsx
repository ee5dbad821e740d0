import { locale, t } from './text';
import { choose, type Language, languages } from './text/languages';

export function LanguageChoice() {
  return (
    <p class="language">
      <label for="language">{t('language')}</label>
      <select
        id="language"
        class="input"
        value={locale}
        onChange={(event) => choose(event.currentTarget.value as Language)}
      >
        {Object.entries(languages).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </p>
  );
}
