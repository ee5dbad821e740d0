import { describe, expect, it } from 'vitest';
import { createText } from './text';

const t = createText(
  {
    plain: 'Hello',
    named: 'Hello {name}, {name}',
    ahead: { one: '{count} student before you', other: '{count} students before you' },
  },
  'en',
);

describe('a text', () => {
  it('fills its placeholders', () => {
    expect(t('plain')).toBe('Hello');
    expect(t('named', { name: '<b>' })).toBe('Hello <b>, <b>');
  });

  it('chooses its plural form', () => {
    expect(t('ahead', { count: 1 })).toBe('1 student before you');
    expect(t('ahead', { count: 0 })).toBe('0 students before you');
  });

  it('does not take a wrong key or placeholder', () => {
    // @ts-expect-error there is no such key
    expect(t('absent')).toBe('absent');
    // @ts-expect-error the placeholder is missing
    expect(t('named', {})).toBe('Hello {name}, {name}');
  });
});
