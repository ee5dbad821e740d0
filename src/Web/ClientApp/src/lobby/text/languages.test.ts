import { describe, expect, it } from 'vitest';
import { en as sharedEn } from '../../shared/text/en';
import type { Entry } from '../../shared/text/text';
import { en } from './en';
import * as es from './es';
import * as fr from './fr';
import { languageFor } from './languages';

const placeholders = (entry: Entry) =>
  [
    ...new Set(
      (typeof entry === 'string' ? [entry] : Object.values(entry)).flatMap(
        (text) => text.match(/\{\w+\}/g) ?? [],
      ),
    ),
  ].sort();

describe('the languages of the student’s page', () => {
  it('follow what the browser prefers, as far as they are spoken', () => {
    expect(languageFor(['fr-CA', 'en'])).toBe('fr');
    expect(languageFor(['de', 'es-419'])).toBe('es');
    expect(languageFor(['de'])).toBe('en');
    expect(languageFor([])).toBe('en');
  });

  for (const [name, words] of Object.entries({ es, fr })) {
    it(`${name} says everything, with the same placeholders`, () => {
      for (const [theirs, ours] of [
        [words.lobby, en],
        [words.shared, sharedEn],
      ] as const) {
        expect(Object.keys(theirs).sort()).toEqual(Object.keys(ours).sort());
        for (const [key, entry] of Object.entries(ours))
          expect([key, placeholders((theirs as Record<string, Entry>)[key] ?? '')]).toEqual([
            key,
            placeholders(entry),
          ]);
      }
    });
  }
});
