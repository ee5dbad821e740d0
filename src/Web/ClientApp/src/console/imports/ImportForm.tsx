import { useRef, useState } from 'preact/hooks';
import { newIdempotencyKey } from '../../shared/api';
import type { Problem } from '../../shared/problems';
import type { Import, ImportKind } from '../../shared/wire';
import { TestPicker } from '../sessions/TestPicker';
import { ownZone, zones } from '../sessions/zones';
import { Field, Mends } from '../shell/Field';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import { FileField } from './FileField';
import { type Choice, mostBytes, sendFile, templateOf } from './importApi';

const kinds = ['sessions', 'students', 'groups', 'registrations', 'oneRoster'] as const;
/** What may be meant where a kind is given by the list from which the import starts. */
const choices = { students: ['students', 'oneRoster'] } as Partial<Record<ImportKind, readonly ImportKind[]>>;
const modes = ['inPerson', 'remote', 'hybrid'] as const;

interface ImportFormProps {
  kind?: ImportKind;
  onStarted: (item: Import) => void;
  onCancel?: () => void;
}

/** Chooses what a file's rows are, the file, and what the file itself does not say. */
export function ImportForm({ kind, onStarted, onCancel }: ImportFormProps) {
  const [choice, setChoice] = useState<Choice>({
    kind: kind ?? 'sessions',
    timeZone: ownZone(),
    tests: [],
    mode: 'inPerson',
    move: false,
  });
  const [file, setFile] = useState<File | null>(null);
  const [mend, setMend] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(false);
  // One key for one file and choice: sending the same again after a lost answer makes one import.
  const key = useRef(newIdempotencyKey());
  const offered = kind ? (choices[kind] ?? [kind]) : kinds;
  const change = (to: Partial<Choice>) => {
    key.current = newIdempotencyKey();
    setChoice({ ...choice, ...to });
  };

  const send = async (event: Event) => {
    event.preventDefault();
    if (sending) return;
    const wrong = !file ? t('imports.fileMissing') : file.size > mostBytes ? t('imports.fileTooLarge') : null;
    setMend(wrong);
    if (!file || wrong) return;
    setSending(true);
    const answer = await sendFile(file, choice, key.current);
    setSending(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) onStarted(answer.value);
  };

  return (
    <form class="form importForm" noValidate onSubmit={send} data-testid="import-form">
      <Mends problem={problem} fields={['timeZone', 'tests', 'fileName']} />
      <p class="muted">{t('imports.lead')}</p>
      <fieldset class="field" hidden={offered.length < 2}>
        <legend>{t('imports.kind')}</legend>
        <div class="kinds">
          {offered.map((known) => (
            <label key={known} class="choice">
              <input
                type="radio"
                name="kind"
                value={known}
                checked={choice.kind === known}
                onChange={() => change({ kind: known })}
              />
              <span>
                <strong>{t(`imports.kind.${known}`)}</strong>
                <span class="hint">{t(`imports.about.${known}`)}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {choice.kind !== 'oneRoster' && (
        <p class="templates">
          <span class="muted">{t('imports.template')}</span>
          {(['xlsx', 'csv'] as const).map((type) => (
            <a key={type} href={templateOf(choice.kind, type)} download data-testid={`template-${type}`}>
              <Icon name="download" /> {`.${type}`}
            </a>
          ))}
        </p>
      )}
      <FileField
        kind={choice.kind}
        file={file}
        mend={mend}
        onChange={(chosen) => {
          key.current = newIdempotencyKey();
          setMend(null);
          setFile(chosen);
        }}
      />
      {choice.kind === 'sessions' && <SessionChoice choice={choice} problem={problem} onChange={change} />}
      {choice.kind === 'registrations' && (
        <div class="field">
          <label class="check">
            <input
              type="checkbox"
              name="move"
              checked={choice.move}
              onChange={(event) => change({ move: event.currentTarget.checked })}
            />
            {t('imports.move')}
          </label>
          <span class="hint">{t('imports.moveHint')}</span>
        </div>
      )}
      <footer class="dialogEnd">
        {onCancel && (
          <button class="button" type="button" onClick={onCancel}>
            {t('cancel')}
          </button>
        )}
        <button class="button primary" type="submit" disabled={sending} data-testid="import-send">
          {t(sending ? 'imports.sending' : 'imports.send')}
        </button>
      </footer>
    </form>
  );
}

function SessionChoice({
  choice,
  problem,
  onChange,
}: {
  choice: Choice;
  problem: Problem | null;
  onChange: (to: Partial<Choice>) => void;
}) {
  return (
    <>
      <Field label={t('imports.zone')} name="timeZone" problem={problem}>
        {(given) => (
          <select
            {...given}
            class="input"
            value={choice.timeZone}
            onChange={(event) => onChange({ timeZone: event.currentTarget.value })}
          >
            {zones().map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </select>
        )}
      </Field>
      <fieldset class="subform">
        <legend>{t('imports.newSessions')}</legend>
        <p class="hint">{t('imports.newSessionsHint')}</p>
        <Field label={t('imports.mode')} name="mode" problem={problem}>
          {(given) => (
            <select
              {...given}
              class="input"
              value={choice.mode}
              onChange={(event) => onChange({ mode: event.currentTarget.value as Choice['mode'] })}
            >
              {modes.map((mode) => (
                <option key={mode} value={mode}>
                  {t(`mode.${mode}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <TestPicker chosen={choice.tests} problem={problem} onChange={(tests) => onChange({ tests })} />
      </fieldset>
    </>
  );
}
