import { Icon } from '../shell/Icon';
import { t } from '../text';
import type { changedSince, DraftField } from './draft';

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
};

interface ChangedMeanwhileProps {
  changes: ReturnType<typeof changedSince>;
  onTake: () => void;
  onKeep: () => void;
}

/** The version that the form was based on is no longer the current one: what differs, and what to do about it. */
export function ChangedMeanwhile({ changes, onTake, onKeep }: ChangedMeanwhileProps) {
  return (
    <div class="notice warn" role="alert" data-testid="changed-meanwhile">
      <Icon name="alert" />
      <div>
        <strong>{t('form.changedTitle')}</strong>
        <p>{t('form.changedLead')}</p>
        <ul>
          {changes.map(({ field, theirs, yours }) => (
            <li key={field}>
              {t('form.changedField', {
                field: t(names[field] as 'form.name'),
                theirs: readable(theirs),
                yours: readable(yours),
              })}
            </li>
          ))}
        </ul>
        <span class="actions">
          <button class="button small" type="button" onClick={onTake}>
            {t('form.takeTheirs')}
          </button>
          <button class="button small" type="button" onClick={onKeep}>
            {t('form.keepMine')}
          </button>
        </span>
      </div>
    </div>
  );
}

function readable(value: string): string {
  return value.replace(/^(\d{4}-\d\d-\d\d)T/, '$1 ') || t('form.empty');
}
