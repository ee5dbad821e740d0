import { useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../../shared/api';
import type { Problem } from '../../shared/problems';
import type { CatalogueTest, Page } from '../../shared/wire';
import { mySelf } from '../account/me';
import { problemText } from '../problemText';
import { mayKeepTests } from '../session/phaseRules';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import { AddTest } from './AddTest';

interface TestPickerProps {
  chosen: readonly string[];
  problem: Problem | null;
  onChange: (tests: readonly string[]) => void;
}

export function TestPicker({ chosen, problem, onChange }: TestPickerProps) {
  const [tests, setTests] = useState<readonly CatalogueTest[] | null>(null);
  const [failed, setFailed] = useState<Problem | null>(null);
  const [adding, setAdding] = useState(false);

  const read = async () => {
    const answer = await call<Page<CatalogueTest>>('GET', '/tests');
    if (!answer.ok) return setFailed(answer.problem);
    setFailed(null);
    setTests(answer.value.items);
    const [only, ...others] = answer.value.items;
    if (only && others.length === 0 && chosen.length === 0) onChange([only.code]);
  };
  useEffect(() => {
    void read();
  }, []);

  const box = useRef<HTMLFieldSetElement>(null);
  const toTest = (code: string) =>
    box.current?.querySelector<HTMLElement>(`input[value="${CSS.escape(code)}"]`)?.focus();
  const toggle = (code: string, on: boolean) =>
    onChange(on ? [...chosen, code] : chosen.filter((other) => other !== code));
  const mayAdd = mayKeepTests(mySelf.value?.role ?? 'observer');
  const mend = problem?.errors?.tests?.join(' ');
  const none = tests !== null && tests.length === 0;

  return (
    <fieldset ref={box} class="field" aria-describedby="tests-about">
      <legend>{t('form.tests')}</legend>
      {failed && (
        <p class="notice bad" role="alert">
          <span>{problemText(failed)}</span>
          <button class="button small" type="button" onClick={read}>
            {t('retry')}
          </button>
        </p>
      )}
      {!tests && !failed && <p class="muted">{t('loading')}</p>}
      {none && <p class="hint">{t(mayAdd ? 'form.noTests' : 'form.noTestsAsk')}</p>}
      {tests && tests.length > 0 && (
        <div class="testList">
          {tests.map((test) => (
            <label key={test.code} class="choice">
              <input
                type="checkbox"
                name="tests"
                value={test.code}
                checked={chosen.includes(test.code)}
                onChange={(event) => toggle(test.code, event.currentTarget.checked)}
              />
              <span>
                <strong>{test.title}</strong>
                <span class="hint">
                  <span class="mono">{test.code}</span>
                  {` · ${t(`testKind.${test.kind}`)} · ${t('form.minutes', { count: test.minutes })} · ${t(test.proctored ? 'form.proctored' : 'form.unproctored')}`}
                </span>
              </span>
            </label>
          ))}
        </div>
      )}
      <span id="tests-about" class="error">
        {mend}
      </span>
      {mayAdd && (none || adding) ? (
        <AddTest
          onAdded={(code) => {
            setAdding(false);
            onChange([...chosen, code]);
            void read().then(() => requestAnimationFrame(() => toTest(code)));
          }}
          {...(none ? {} : { onCancel: () => setAdding(false) })}
        />
      ) : (
        mayAdd &&
        tests && (
          <button class="button plain add" type="button" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            {t('form.addTest')}
          </button>
        )
      )}
    </fieldset>
  );
}
