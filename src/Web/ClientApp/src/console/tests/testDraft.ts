import type { CatalogueTest, TestKind } from '../../shared/wire';
import { readSections } from '../sessions/sections';

export const testKinds: readonly TestKind[] = ['practice', 'training', 'operational'];

/** A test as it is typed. */
export interface TestDraft {
  code: string;
  title: string;
  kind: TestKind;
  minutes: string;
  proctored: boolean;
  /** One a line, a star behind the title of a sealed one. */
  sections: string;
  launchUrl: string;
  /** `none`, or a delivery system's id. */
  delivery: string;
}

export const emptyTest: TestDraft = {
  code: '',
  title: '',
  kind: 'operational',
  minutes: '60',
  proctored: true,
  sections: '',
  launchUrl: '',
  delivery: 'none',
};

export function draftOfTest(test: CatalogueTest): TestDraft {
  const [only, ...others] = test.sections;
  const unnamed = others.length === 0 && only?.title === test.title && !only.sealed;
  return {
    ...test,
    minutes: String(test.minutes),
    sections: unnamed
      ? ''
      : test.sections.map(({ title, sealed }) => (sealed ? `${title} *` : title)).join('\n'),
  };
}

export type TestMend = 'codeMissing' | 'titleMissing' | 'launchMissing' | 'minutesWrong';

/** What there is to mend, by field. */
export function testMends(draft: TestDraft): Partial<Record<keyof TestDraft, TestMend>> {
  return {
    ...(draft.title.trim() ? {} : { title: 'titleMissing' }),
    ...(draft.code.trim() ? {} : { code: 'codeMissing' }),
    ...(/^[1-9]\d*$/.test(draft.minutes.trim()) ? {} : { minutes: 'minutesWrong' }),
    ...(URL.canParse(draft.launchUrl.trim()) ? {} : { launchUrl: 'launchMissing' }),
  };
}

export function testRequest(draft: TestDraft): CatalogueTest {
  const title = draft.title.trim();
  return {
    code: draft.code.trim(),
    title,
    kind: draft.kind,
    sections: readSections(draft.sections, title),
    minutes: Number(draft.minutes),
    proctored: draft.proctored,
    launchUrl: draft.launchUrl.trim(),
    delivery: draft.delivery,
  };
}
