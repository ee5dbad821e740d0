import { afterEach, describe, expect, it } from 'vitest';
import errors from '../../../../../../docs/errors.md?raw';
import type { Entry } from '../../shared/text/text';
import { detailOf } from '../detailOf';
import { speak, t } from '.';
import * as en from './en';
import * as es from './es';
import * as fr from './fr';
import { languageFor } from './languages';

afterEach(() => speak('en', en));

const placeholders = (entry: Entry) =>
  [
    ...new Set(
      (typeof entry === 'string' ? [entry] : Object.values(entry)).flatMap(
        (text) => text.match(/\{\w+\}/g) ?? [],
      ),
    ),
  ].sort();

/** The codes of these sections of docs/errors.md. */
function codesOf(...sections: string[]): string[] {
  const table = errors;
  return table
    .split(/^## /m)
    .filter((section) => sections.includes(section.split('\n')[0] ?? ''))
    .flatMap((section) => [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code as string));
}

describe('the languages of the student’s page', () => {
  it('follow what the browser prefers, as far as they are spoken', () => {
    expect(languageFor(['fr-CA', 'en'])).toBe('fr');
    expect(languageFor(['de', 'es-419'])).toBe('es');
    expect(languageFor(['de'])).toBe('en');
    expect(languageFor([])).toBe('en');
  });

  for (const [language, file] of Object.entries({ es, fr })) {
    it(`${language} says everything, with the same placeholders`, () => {
      expect(Object.keys(file.words).sort()).toEqual(Object.keys(en.words).sort());
      for (const [key, entry] of Object.entries(en.words))
        expect([key, placeholders((file.words as Record<string, Entry>)[key] ?? '')]).toEqual([
          key,
          placeholders(entry),
        ]);
    });

    it(`${language} says every refusal that a student may meet, none of them in English`, () => {
      speak(language as 'es' | 'fr', file);
      const codes = codesOf('The way in', 'Entries');
      expect(codes.length).toBeGreaterThan(20);
      const unsaid = [
        ...codes,
        'throttled',
        'notFound',
        'signInRequired',
        'invalid',
        'unavailable',
        'unexpected',
      ];
      expect(
        unsaid.filter((code) => {
          const said = detailOf({ code, detail: 'In English.' });
          return said === 'In English.' || said === t('banner.unknown');
        }),
      ).toEqual([]);
      expect(detailOf({ code: 'somethingNew', detail: 'In English.' })).toBe(t('banner.unknown'));
    });
  }

  it('English gives the server’s sentence, which names the particulars', () => {
    expect(detailOf({ code: 'activeElsewhere', detail: 'You are in “Algebra”.' })).toBe(
      'You are in “Algebra”.',
    );
  });
});
