import { expect, it } from 'vitest';
import type { RegisteredMany } from '../../shared/wire';
import {
  listName,
  readNames,
  readSettings,
  refusals,
  settingsText,
  studentDraft,
  studentRequest,
} from './people';

it('writes the family name first, and nothing where there is none', () => {
  expect(listName({ givenName: 'Mia', familyName: 'Berg' })).toBe('Berg, Mia');
  expect(listName({ givenName: 'Mia', familyName: '' })).toBe('Mia');
});

it('reads settings back as it wrote them, and names a line that is none', () => {
  const settings = { extraTime: '25', font: 'large: bold' };
  expect(readSettings(settingsText(settings))).toEqual({ settings });
  expect(readSettings('extraTime = 25\n\n')).toEqual({ settings: { extraTime: '25' } });
  expect(readSettings('extraTime: 25\nnonsense')).toEqual({ wrong: 'nonsense' });
});

it('takes each group once, whatever its case and whatever stands between', () => {
  expect(readNames(' 8B, 8b ;Choir\n,, ')).toEqual(['8B', 'Choir']);
});

it('leaves out what was left empty', () => {
  const draft = { ...studentDraft(), externalId: ' S1 ', givenName: 'Mia' };
  expect(studentRequest(draft)).toEqual({
    body: { externalId: 'S1', givenName: 'Mia', familyName: '', groups: [], settings: {} },
  });
});

it('counts the reasons, the most frequent first', () => {
  const refused = ['a', 'b', 'b'].map((reason, index) => ({ studentId: String(index), code: 'x', reason }));
  const answer: RegisteredMany = { registered: 0, moved: 0, already: 0, refused };
  expect(refusals(answer)).toEqual([
    { reason: 'b', count: 2 },
    { reason: 'a', count: 1 },
  ]);
});
