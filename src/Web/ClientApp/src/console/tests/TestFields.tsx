import { useEffect, useState } from 'preact/hooks';
import { call } from '../../shared/api';
import type { Problem } from '../../shared/problems';
import type { Page, Person } from '../../shared/wire';
import { mySelf } from '../account/me';
import { Field } from '../shell/Field';
import { t } from '../text';
import { type TestDraft, testKinds } from './testDraft';

export const testFields = ['title', 'code', 'kind', 'minutes', 'launchUrl', 'delivery', 'sections'] as const;

interface TestFieldsProps {
  draft: TestDraft;
  problem: Problem | null;
  onChange: (part: Partial<TestDraft>) => void;
  /** A test keeps its code. */
  codeStays?: boolean;
}

/** What a test of the catalogue is made of. */
export function TestFields({ draft, problem, onChange, codeStays = false }: TestFieldsProps) {
  const systems = useDeliverySystems();
  const unknown = draft.delivery !== 'none' && !systems.some(({ id }) => id === draft.delivery);
  return (
    <>
      <div class="pair">
        <Field label={t('test.title')} name="title" problem={problem}>
          {(given) => (
            <input
              {...given}
              class="input"
              autocomplete="off"
              value={draft.title}
              onInput={(event) => onChange({ title: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field
          label={t('test.code')}
          name="code"
          problem={problem}
          hint={t(codeStays ? 'test.codeStays' : 'test.codeHint')}
        >
          {(given) => (
            <input
              {...given}
              class="input"
              autocomplete="off"
              readOnly={codeStays}
              value={draft.code}
              onInput={(event) => onChange({ code: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label={t('test.kind')} name="kind" problem={problem}>
          {(given) => (
            <select
              {...given}
              class="input"
              value={draft.kind}
              onChange={(event) =>
                onChange({
                  kind: testKinds.find((known) => known === event.currentTarget.value) ?? draft.kind,
                })
              }
            >
              {testKinds.map((known) => (
                <option key={known} value={known}>
                  {t(`testKind.${known}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('test.minutes')} name="minutes" problem={problem}>
          {(given) => (
            <input
              {...given}
              class="input"
              type="number"
              min={1}
              value={draft.minutes}
              onInput={(event) => onChange({ minutes: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label={t('test.launchUrl')} name="launchUrl" problem={problem} hint={t('test.launchHint')}>
          {(given) => (
            <input
              {...given}
              class="input"
              type="url"
              placeholder="https://"
              value={draft.launchUrl}
              onInput={(event) => onChange({ launchUrl: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label={t('test.delivery')} name="delivery" problem={problem} hint={t('test.deliveryHint')}>
          {(given) => (
            <select
              {...given}
              class="input"
              value={draft.delivery}
              onChange={(event) => onChange({ delivery: event.currentTarget.value })}
            >
              <option value="none">{t('test.deliveryNone')}</option>
              {unknown && <option value={draft.delivery}>{t('test.deliveryKept')}</option>}
              {systems.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <Field
        label={t('test.sections')}
        name="sections"
        problem={problem}
        optional
        hint={t('test.sectionsHint')}
      >
        {(given) => (
          <textarea
            {...given}
            class="input"
            rows={2}
            value={draft.sections}
            onKeyDown={(event) => event.stopPropagation()}
            onInput={(event) => onChange({ sections: event.currentTarget.value })}
          />
        )}
      </Field>
      <label class="check">
        <input
          type="checkbox"
          name="proctored"
          checked={draft.proctored}
          onChange={(event) => onChange({ proctored: event.currentTarget.checked })}
        />
        {t('test.proctored')}
      </label>
    </>
  );
}

/** Only administrators may see the delivery systems; others leave a test with the one that it has, or with none. */
function useDeliverySystems(): readonly Person[] {
  const [systems, setSystems] = useState<readonly Person[]>([]);
  useEffect(() => {
    if (mySelf.value?.role !== 'administrator') return;
    void call<Page<Person>>('GET', '/delivery-systems').then((answer) => {
      if (answer.ok) setSystems(answer.value.items);
    });
  }, []);
  return systems;
}
