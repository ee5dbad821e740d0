import type { SessionListRow } from '../../shared/wire';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import type { ListActions } from './listKeys';

interface TickBarProps {
  ticked: readonly SessionListRow[];
  manage: boolean;
  actions: ListActions;
}

/** What can be done with the ticked sessions. */
export function TickBar({ ticked, manage, actions }: TickBarProps) {
  const single = ticked.length === 1 ? (ticked[0]?.id ?? null) : null;
  return (
    <div
      class="tickBar"
      role="toolbar"
      aria-label={t('list.ticked', { count: ticked.length })}
      data-testid="tick-bar"
    >
      <strong>{t('list.ticked', { count: ticked.length })}</strong>
      {single && (
        <>
          <button
            class="button small"
            type="button"
            onClick={() => actions.edit(single)}
            data-testid="edit-ticked"
          >
            <Icon name="edit" />
            {t('list.edit')}
          </button>
          <button
            class="button small"
            type="button"
            onClick={() => actions.duplicate(single)}
            data-testid="duplicate-ticked"
          >
            <Icon name="copy" />
            {t('list.duplicate')}
          </button>
        </>
      )}
      {manage && (
        <button
          class="button small danger"
          type="button"
          onClick={() => actions.remove(null)}
          data-testid="delete-ticked"
        >
          {t('list.delete')}
        </button>
      )}
      <button class="button small plain" type="button" onClick={actions.clear}>
        {t('list.untick')}
      </button>
    </div>
  );
}
