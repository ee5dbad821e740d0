import { describe, expect, it } from 'vitest';
import type { CatalogueTest } from '../../shared/wire';
import { draftOfTest, emptyTest, testMends, testRequest } from './testDraft';

const test: CatalogueTest = {
  code: 'SCI8',
  title: 'Science',
  kind: 'operational',
  sections: [
    { title: 'Part A', sealed: false },
    { title: 'Part B', sealed: true },
  ],
  minutes: 60,
  proctored: true,
  launchUrl: 'https://delivery.example/take',
  delivery: 'none',
};

describe('a test in its form', () => {
  it('comes out as it went in', () => {
    expect(draftOfTest(test).sections).toBe('Part A\nPart B *');
    expect(testRequest(draftOfTest(test))).toEqual(test);
  });

  it('shows no section where it has but the one that is called like it', () => {
    const plain = { ...test, sections: [{ title: 'Science', sealed: false }] };
    expect(draftOfTest(plain).sections).toBe('');
    expect(testRequest({ ...draftOfTest(plain), title: 'Science 8' }).sections).toEqual([
      { title: 'Science 8', sealed: false },
    ]);
  });

  it('says everything that is missing at once', () => {
    expect(testMends({ ...emptyTest, minutes: '1.5' })).toEqual({
      title: 'titleMissing',
      code: 'codeMissing',
      minutes: 'minutesWrong',
      launchUrl: 'launchMissing',
    });
    expect(testMends(draftOfTest(test))).toEqual({});
  });
});
