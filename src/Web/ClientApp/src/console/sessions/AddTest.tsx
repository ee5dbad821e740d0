import { useEffect, useRef, useState } from 'preact/hooks';
import { call, newIdempotencyKey } from '../../shared/api';
import type { Problem } from '../../shared/problems';
import type { CatalogueTest, Page, Person, TestKind } from '../../shared/wire';
import { mySelf } from '../account/me';
import { Field, Mends } from '../shell/Field';
import { t } from '../text';
import { readSections } from './sections';

const kinds: readonly TestKind[] = ['practice', 'training', 'operational'];

/** A small form inside the session form, for the first test or one more. Not a form element: forms do not nest. */
export function AddTest({ onAdded, onCancel }: { onAdded: (code: string) => void; onCancel?: () => void }) {
  const [code, setCode] = useState('PRACTICE');
  const [title, setTitle] = useState<string>(t('test.practice'));
  const [kind, setKind] = useState<TestKind>('practice');
  const [minutes, setMinutes] = useState('15');
  const [proctored, setProctored] = useState(true);
  const [sections, setSections] = useState('');
  const [launchUrl, setLaunchUrl] = useState('');
  const [delivery, setDelivery] = useState('none');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [working, setWorking] = useState(false);
  const [systems, setSystems] = useState<readonly Person[]>([]);
  const sent = useRef({ body: '', key: '' });

  useEffect(() => {
    // Only administrators may see the delivery systems; others add tests without one.
    if (mySelf.value?.role !== 'administrator') return;
    void call<Page<Person>>('GET', '/delivery-systems').then((answer) => {
      if (answer.ok) setSystems(answer.value.items);
    });
  }, []);

  const add = async () => {
    if (working) return;
    const errors: Record<string, string[]> = {};
    if (!code.trim()) errors.code = [t('test.codeMissing')];
    if (!title.trim()) errors.title = [t('test.titleMissing')];
    if (!URL.canParse(launchUrl.trim())) errors.launchUrl = [t('test.launchMissing')];
    if (!/^[1-9]\d*$/.test(minutes)) errors.minutes = [t('test.minutesWrong')];
    if (Object.keys(errors).length > 0) return setProblem({ code: 'invalid', detail: '', errors });
    const body: CatalogueTest = {
      code: code.trim(),
      title: title.trim(),
      kind,
      sections: readSections(sections, title.trim()),
      minutes: Number(minutes),
      proctored,
      launchUrl: launchUrl.trim(),
      delivery,
    };
    const text = JSON.stringify(body);
    if (sent.current.body !== text) sent.current = { body: text, key: newIdempotencyKey() };
    setWorking(true);
    const answer = await call<CatalogueTest>('POST', '/tests', { body, idempotencyKey: sent.current.key });
    setWorking(false);
    if (answer.ok) onAdded(body.code);
    else setProblem(answer.problem);
  };

  return (
    <fieldset
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
      <div class="pair">
        <Field label={t('test.title')} name="title" problem={problem}>
          {(given) => (
            <input
              {...given}
              class="input"
              value={title}
              onInput={(event) => setTitle(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={t('test.code')} name="code" problem={problem} hint={t('test.codeHint')}>
          {(given) => (
            <input
              {...given}
              class="input"
              value={code}
              onInput={(event) => setCode(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={t('test.kind')} name="kind" problem={problem}>
          {(given) => (
            <select
              {...given}
              class="input"
              value={kind}
              onChange={(event) =>
                setKind(kinds.find((known) => known === event.currentTarget.value) ?? 'practice')
              }
            >
              {kinds.map((known) => (
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
              value={minutes}
              onInput={(event) => setMinutes(event.currentTarget.value)}
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
              value={launchUrl}
              onInput={(event) => setLaunchUrl(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={t('test.delivery')} name="delivery" problem={problem} hint={t('test.deliveryHint')}>
          {(given) => (
            <select
              {...given}
              class="input"
              value={delivery}
              onChange={(event) => setDelivery(event.currentTarget.value)}
            >
              <option value="none">{t('test.deliveryNone')}</option>
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
            value={sections}
            onKeyDown={(event) => event.stopPropagation()}
            onInput={(event) => setSections(event.currentTarget.value)}
          />
        )}
      </Field>
      <label class="check">
        <input
          type="checkbox"
          checked={proctored}
          onChange={(event) => setProctored(event.currentTarget.checked)}
        />
        {t('test.proctored')}
      </label>
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
