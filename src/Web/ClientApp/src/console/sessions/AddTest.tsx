import { useEffect, useRef, useState } from 'preact/hooks';
import type { CatalogueTest } from '../../shared/wire';
import { useAsk } from '../roster/ask';
import { Mends } from '../shell/Field';
import { TestFields } from '../tests/TestFields';
import { emptyTest, type TestDraft, testMends, testRequest } from '../tests/testDraft';
import { t } from '../text';

/** A small form inside the session form, for the first test or one more. Not a form element: forms do not nest. */
export function AddTest({ onAdded, onCancel }: { onAdded: (code: string) => void; onCancel?: () => void }) {
  const [draft, setDraft] = useState<TestDraft>(() => ({
    ...emptyTest,
    code: 'PRACTICE',
    title: t('test.practice'),
    kind: 'practice',
    minutes: '15',
  }));
  const box = useRef<HTMLFieldSetElement>(null);
  // Who asked for it begins here; where it stands from the start the session's name comes first.
  useEffect(() => {
    if (onCancel) box.current?.querySelector('input')?.focus();
  }, []);
  const { ask, problem, setProblem, working } = useAsk<CatalogueTest>();

  const add = async () => {
    const mends = Object.entries(testMends(draft));
    if (mends.length > 0) {
      const errors = Object.fromEntries(mends.map(([field, mend]) => [field, [t(`test.${mend}`)]]));
      return setProblem({ code: 'invalid', detail: '', errors });
    }
    const body = testRequest(draft);
    if (await ask('POST', '/tests', body)) onAdded(body.code);
  };

  return (
    <fieldset
      ref={box}
      class="subform"
      data-testid="add-test"
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
        event.preventDefault();
        void add();
      }}
    >
      <legend>{t('form.addTest')}</legend>
      <Mends problem={problem} fields={[]} />
      <TestFields
        draft={draft}
        problem={problem}
        onChange={(part) => setDraft((before) => ({ ...before, ...part }))}
      />
      <span class="actions">
        <button class="button" type="button" disabled={working} onClick={add} data-testid="add-test-submit">
          {t('test.submit')}
        </button>
        {onCancel && (
          <button class="button plain" type="button" onClick={onCancel}>
            {t('cancel')}
          </button>
        )}
      </span>
    </fieldset>
  );
}
