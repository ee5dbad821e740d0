import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { call, newIdempotencyKey, type Result } from '../../shared/api';
import type { Problem } from '../../shared/problems';
import type { SealCode, SealCodes } from '../../shared/wire';
import type { Query } from '../route';
import { Dialog } from '../shell/Dialog';
import { Icon } from '../shell/Icon';
import { toast } from '../shell/toasts';
import { t } from '../text';
import { grouped } from './printing';
import { SheetFrame } from './SheetFrame';

/** The code of each sealed section, large enough to be read across a desk. */
export function SealCodesSheet({ of }: { of: string; query: Query }) {
  const codes = useSignal<SealCodes | null>(null);
  const problem = useSignal<Problem | null>(null);
  /** What is about to be made anew: a section, or everything. */
  const asking = useSignal<SealCode | 'all' | null>(null);
  const path = `/sessions/${encodeURIComponent(of)}/seal-codes`;
  const take = (answer: Result<SealCodes>) => {
    codes.value = answer.ok ? answer.value : codes.value;
    problem.value = answer.ok ? null : answer.problem;
    return answer.ok;
  };
  useEffect(() => {
    void call<SealCodes>('GET', path).then(take);
  }, [path]);

  const renew = async () => {
    const what = asking.value;
    asking.value = null;
    const body = what === 'all' || !what ? {} : { testCode: what.testCode, section: what.section };
    const key = newIdempotencyKey();
    if (take(await call<SealCodes>('POST', path, { body, idempotencyKey: key }))) toast(t('print.renewed'));
  };

  const shown = codes.value;
  const count = shown?.codes.length ?? 0;
  const close = () => {
    asking.value = null;
  };
  return (
    <SheetFrame
      title={shown ? t('print.seals', { session: shown.sessionName }) : t('print.sealsTitle')}
      of={of}
      problem={problem.value}
      loading={!shown && !problem.value}
      ready={count > 0}
      tools={
        <button
          class="button"
          type="button"
          disabled={count === 0}
          data-testid="renew-all"
          onClick={() => {
            asking.value = 'all';
          }}
        >
          <Icon name="refresh" />
          {t('print.renewAll')}
        </button>
      }
    >
      {shown && count === 0 && <p class="sheetNote muted">{t('print.noSeals')}</p>}
      {shown && count > 0 && (
        <main class="sheet seals" data-testid="seal-codes">
          <header class="sealsHead">
            <h2>{shown.sessionName}</h2>
            <p>{t('print.sealsLead')}</p>
          </header>
          {shown.codes.map((code) => (
            <article class="seal" key={`${code.testCode} ${code.section}`} data-testid="seal">
              <div>
                <span class="muted">{code.testTitle}</span>
                <strong>{code.section}</strong>
              </div>
              <span class="sealCode" data-testid="seal-code">
                {grouped(code.code)}
              </span>
              <button
                class="iconButton noPrint"
                type="button"
                aria-label={t('print.renew', { section: code.section })}
                title={t('print.renew', { section: code.section })}
                data-testid="renew"
                onClick={() => {
                  asking.value = code;
                }}
              >
                <Icon name="refresh" />
              </button>
            </article>
          ))}
        </main>
      )}
      {asking.value && (
        <Dialog
          title={
            asking.value === 'all' ? t('print.renewAll') : t('print.renew', { section: asking.value.section })
          }
          onClose={close}
          testId="renew-dialog"
        >
          <div class="form">
            <p>{t('print.renewLead')}</p>
            <footer class="dialogEnd">
              <button class="button" type="button" onClick={close}>
                {t('cancel')}
              </button>
              <button
                class="button danger"
                type="button"
                data-testid="confirm-renew"
                onClick={() => void renew()}
              >
                {t('print.renewConfirm')}
              </button>
            </footer>
          </div>
        </Dialog>
      )}
    </SheetFrame>
  );
}
