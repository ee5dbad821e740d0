import { useState } from 'preact/hooks';
import type { CatalogueTest } from '../../shared/wire';
import { useAsk } from '../roster/ask';
import { Dialog } from '../shell/Dialog';
import { Mends } from '../shell/Field';
import { toast } from '../shell/toasts';
import { t } from '../text';
import { TestFields, testFields } from './TestFields';
import { draftOfTest, emptyTest, type TestDraft, testMends, testRequest } from './testDraft';

interface TestDialogProps {
  test?: CatalogueTest;
  onClose: () => void;
  onDone: () => void;
}

/** Adds a test to the catalogue, or edits the one given. */
export function TestDialog({ test, onClose, onDone }: TestDialogProps) {
  const [draft, setDraft] = useState<TestDraft>(() => (test ? draftOfTest(test) : emptyTest));
  const { ask, problem, setProblem, working } = useAsk<CatalogueTest>(onDone);

  const submit = async (event: Event) => {
    event.preventDefault();
    const mends = Object.entries(testMends(draft));
    if (mends.length > 0) {
      const errors = Object.fromEntries(mends.map(([field, mend]) => [field, [t(`test.${mend}`)]]));
      return setProblem({ code: 'invalid', detail: '', errors });
    }
    const body = testRequest(draft);
    const saved = test
      ? await ask('PUT', `/tests/${encodeURIComponent(test.id ?? test.code)}`, body, test.version)
      : await ask('POST', '/tests', body);
    if (!saved) return;
    toast(test ? t('form.saved') : t('test.added', { title: body.title }));
    onDone();
    onClose();
  };

  return (
    <Dialog
      title={test ? t('test.edit', { title: test.title }) : t('form.addTest')}
      onClose={onClose}
      size="large"
      testId="test-dialog"
    >
      <form class="form" onSubmit={submit} noValidate>
        <Mends
          problem={problem}
          fields={testFields}
          consequence={problem?.status === 412 ? t('people.stale') : undefined}
        />
        {test && <p class="hint">{t('test.editHint')}</p>}
        <TestFields
          draft={draft}
          problem={problem}
          onChange={(part) => setDraft((before) => ({ ...before, ...part }))}
          codeStays={test !== undefined}
        />
        <footer class="dialogEnd">
          <button class="button" type="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button class="button primary" type="submit" disabled={working} data-testid="test-submit">
            {working ? t('form.saving') : t(test ? 'form.submitEdit' : 'test.submit')}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
