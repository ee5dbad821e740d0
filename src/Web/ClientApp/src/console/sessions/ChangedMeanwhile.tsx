import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import type { Draft, DraftField, FieldChange } from './draft';

const names: Record<DraftField, Parameters<typeof t>[0] & `form.${string}`> = {
  name: 'form.name',
  mode: 'form.mode',
  opens: 'form.opens',
  closes: 'form.closes',
  zone: 'form.zone',
  tests: 'form.tests',
  code: 'form.code',
  capacity: 'form.capacity',
  startMode: 'form.start',
  note: 'form.note',
  proctors: 'form.proctors',
  profileId: 'form.profile',
};

interface ChangedMeanwhileProps {
  changes: readonly FieldChange[];
  /** How a value is told to people, where it is not itself. */
  shown: (field: DraftField, value: Draft[DraftField]) => string;
  /** With the fields whose current value shall stand. */
  onSettle: (take: ReadonlySet<DraftField>) => void;
}

/** The version that the form was based on is no longer the current one: what differs, and for each field whose value shall stand. */
export function ChangedMeanwhile({ changes, shown, onSettle }: ChangedMeanwhileProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const [take, setTake] = useState<ReadonlySet<DraftField>>(new Set());
  const name = (field: DraftField) => t(names[field] as 'form.name');
  const clashes = changes.filter(({ touched }) => touched);
  const taken = changes.filter(({ touched }) => !touched);
  const choose = (field: DraftField, theirs: boolean) => {
    const next = new Set(take);
    if (theirs) next.add(field);
    else next.delete(field);
    setTake(next);
  };
  return (
    <div class="notice warn" role="alert" tabIndex={-1} ref={box} data-testid="changed-meanwhile">
      <Icon name="alert" />
      <div class="clashes">
        <strong>{t('form.changedTitle')}</strong>
        {clashes.length > 0 && <p>{t('form.changedLead')}</p>}
        {clashes.map(({ field, theirs, yours }) => (
          <fieldset key={field} class="clash" data-testid={`clash-${field}`}>
            <legend>{name(field)}</legend>
            {([false, true] as const).map((theirOwn) => (
              <label key={String(theirOwn)} class="check">
                <input
                  type="radio"
                  name={`clash-${field}`}
                  checked={take.has(field) === theirOwn}
                  onChange={() => choose(field, theirOwn)}
                />
                <span class="muted">{t(theirOwn ? 'form.theirs' : 'form.yours')}</span>{' '}
                {shown(field, theirOwn ? theirs : yours) || t('form.empty')}
              </label>
            ))}
          </fieldset>
        ))}
        {taken.length > 0 && (
          <p>
            {t('form.changedTaken', {
              fields: taken
                .map(({ field, theirs }) => `${name(field)} (${shown(field, theirs) || t('form.empty')})`)
                .join(', '),
            })}
          </p>
        )}
        <span class="actions">
          <button class="button small" type="button" onClick={() => onSettle(take)} data-testid="settle">
            {t('form.continue')}
          </button>
        </span>
      </div>
    </div>
  );
}
