import type { EntryRow, Session } from '../../shared/wire';
import { connected, now } from '../hub';
import type { Room } from '../session/room';
import { SoundButton } from '../session/SoundButton';
import { Icon } from '../shell/Icon';
import { useNarrow } from '../shell/useNarrow';
import { VirtualTable } from '../shell/VirtualTable';
import { t } from '../text';
import { ApprovalRow } from './ApprovalRow';
import { flagCounts } from './clean';
import { Notices } from './Notices';

interface ApprovalsProps {
  room: Room;
  session: Session;
  /** Whether this person may decide. */
  steer: boolean;
}

/** Those who wait to be admitted, in the order of their arrival. */
export function Approvals({ room, session, steer }: ApprovalsProps) {
  const narrow = useNarrow();
  const rows = room.approvalsShown.value;
  const { decisions } = room.live;
  const ready = steer && connected.value;
  const several = session.tests.length > 1;

  return (
    <section class="region approvals" id="approvals" aria-label={t('tab.approvals')}>
      {steer && <ApprovalsBar room={room} ready={ready} held={session.phase === 'held'} />}
      <Notices decisions={decisions} />
      <div class={connected.value ? 'scroll' : 'scroll stale'}>
        {rows.length === 0 ? (
          <NobodyWaits room={room} session={session} />
        ) : (
          <VirtualTable
            rows={rows}
            rowHeight={narrow ? 92 : 52}
            caption={t('tab.approvals')}
            class="rows approvalRows"
            reveal={rows.findIndex(({ id }) => id === room.approvalsCursor.id.value)}
            head={<Head room={room} steer={steer} />}
          >
            {(row, index) => (
              <ApprovalRow
                key={row.id}
                row={row}
                index={index}
                place={room.places.value.get(row.id) ?? 0}
                room={room}
                steer={steer}
                ready={ready && session.phase !== 'held'}
                several={several}
                now={now.value}
              />
            )}
          </VirtualTable>
        )}
      </div>
    </section>
  );
}

function Head({ room, steer }: { room: Room; steer: boolean }) {
  const shown = room.approvals.value;
  const ticked = room.approvalsTicks.of(shown).length;
  return (
    <tr>
      <th scope="col" class="c-tick">
        {steer && (
          <input
            type="checkbox"
            aria-label={t('approvals.tickAll')}
            checked={shown.length > 0 && ticked === shown.length}
            ref={(box) => {
              if (box) box.indeterminate = ticked > 0 && ticked < shown.length;
            }}
            onChange={(event) => room.approvalsTicks.set(shown, event.currentTarget.checked)}
          />
        )}
      </th>
      <th scope="col" class="c-arrival">
        {t('report.number')}
      </th>
      <th scope="col">{t('roster.student')}</th>
      <th scope="col" class="c-waited">
        {t('room.waiting')}
      </th>
      <th scope="col" class="c-decide">
        <span class="visually-hidden">{t('report.decision')}</span>
      </th>
    </tr>
  );
}

function ApprovalsBar({ room, ready, held }: { room: Room; ready: boolean; held: boolean }) {
  const { clean, exceptions } = room.split.value;
  const ticked = room.approvalsTicks.of(room.approvals.value);
  const { decisions } = room.live;
  const open = (rows: readonly EntryRow[]) => rows.filter((row) => !decisions.isSending(row));
  const admit = open(clean);
  const may = ready && !held;

  return (
    <div class="regionBar">
      <button
        class="button primary"
        type="button"
        disabled={!may || admit.length === 0}
        data-testid="admit-clean"
        onClick={() => void decisions.decide('approve', admit)}
      >
        <Icon name="check" />
        {admit.length > 0 ? t('approvals.admitClean', { count: admit.length }) : t('approvals.admitNone')}
      </button>
      {ticked.length > 0 ? (
        <>
          <button
            class="button"
            type="button"
            disabled={!may}
            data-testid="approve-ticked"
            onClick={() => {
              void decisions.decide('approve', ticked);
              room.approvalsTicks.clear();
            }}
          >
            {t('approvals.approveTicked', { count: ticked.length })}
          </button>
          <button
            class="button"
            type="button"
            disabled={!ready}
            data-testid="deny-ticked"
            onClick={() => {
              room.dialog.value = { kind: 'deny', rows: ticked };
            }}
          >
            {t('approvals.denyTicked', { count: ticked.length })}
          </button>
        </>
      ) : (
        exceptions.length > 0 && (
          <details class="exceptions">
            <summary>
              <Icon name="alert" />
              {t('approvals.exceptions', { count: exceptions.length })}
            </summary>
            <ul>
              {flagCounts(exceptions).map(({ code, text, count }) => (
                <li key={code}>
                  <strong class="numbers">{count}</strong> {text}
                </li>
              ))}
            </ul>
          </details>
        )
      )}
      <span class="searchBox">
        <Icon name="search" />
        <input
          class="input"
          type="search"
          aria-label={t('approvals.filter')}
          placeholder={t('filter')}
          value={room.approvalsSearch.value}
          data-find="approvals"
          onInput={(event) => {
            room.approvalsSearch.value = event.currentTarget.value;
          }}
        />
      </span>
      {useNarrow() && <SoundButton />}
    </div>
  );
}

function NobodyWaits({ room, session }: { room: Room; session: Session }) {
  if (room.waiting.value.length > 0) return <p class="nothing">{t('approvals.emptyFilter')}</p>;
  const over = ['draining', 'closed', 'cancelled'].includes(session.phase);
  return (
    <div class="nothing">
      <Icon name={over ? 'lock' : 'door'} />
      <strong>{t('approvals.empty')}</strong>
      <p class="muted">
        {t(
          over
            ? 'approvals.emptyOver'
            : session.phase === 'scheduled'
              ? 'approvals.emptySoon'
              : 'approvals.emptyHint',
        )}
      </p>
    </div>
  );
}
