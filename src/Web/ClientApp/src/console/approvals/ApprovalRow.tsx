import type { EntryRow } from '../../shared/wire';
import type { Room } from '../session/room';
import { Icon } from '../shell/Icon';
import { StateBadge } from '../shell/Status';
import { spanOf } from '../shell/span';
import { nameOf } from '../students/order';
import { t } from '../text';

interface ApprovalRowProps {
  row: EntryRow;
  index: number;
  /** How many waited longer, and this one. */
  place: number;
  room: Room;
  steer: boolean;
  ready: boolean;
  several: boolean;
  now: number;
}

export function ApprovalRow({ row, index, place, room, steer, ready, several, now }: ApprovalRowProps) {
  const { decisions } = room.live;
  const name = nameOf(row);
  const waits = row.state === 'waiting';
  const sending = waits && decisions.isSending(row);
  const ticked = room.approvalsTicks.ids.value.has(row.id);
  const active = room.approvalsCursor.id.value === row.id;
  const exception = row.flags.length > 0;

  return (
    <tr
      class={`${active ? 'active' : ''} ${exception && waits ? 'exception' : ''} ${waits ? '' : 'decided'}`}
      aria-rowindex={index + 2}
      aria-selected={ticked}
      data-testid={waits ? 'approvals-row' : 'approvals-decided'}
      data-entry={row.id}
      onPointerDown={() => room.approvalsCursor.at(row.id)}
    >
      <td class="c-tick">
        {steer && waits && (
          <input
            type="checkbox"
            aria-label={t('approvals.tick', { name })}
            checked={ticked}
            onChange={() => room.approvalsTicks.toggle(row.id)}
          />
        )}
      </td>
      <td class="c-arrival numbers muted">{waits && place}</td>
      <td class="c-student">
        <span class="who">
          {name}
          {exception && <span class="beside">{row.student.externalId}</span>}
        </span>
        <About row={row} note={waits ? decisions.noteOf(row) : undefined} several={several} />
      </td>
      <td class="c-waited numbers muted">{waits && spanOf(now - Date.parse(row.stateSince))}</td>
      <td class="c-decide">
        {!waits ? (
          <Decided row={row} />
        ) : sending ? (
          <span class="sending" role="status">
            {t('approvals.sending')}
          </span>
        ) : (
          steer && (
            <span class="rowActions">
              <button
                class="button small approve"
                type="button"
                disabled={!ready}
                data-testid="approve"
                onClick={() => void decisions.decide('approve', [row])}
              >
                {t('approvals.approve')}
              </button>
              <button
                class="button small plain quiet"
                type="button"
                disabled={!ready}
                data-testid="deny"
                onClick={() => {
                  room.dialog.value = { kind: 'deny', rows: [row] };
                }}
              >
                {t('approvals.denyDots')}
              </button>
            </span>
          )
        )}
      </td>
    </tr>
  );
}

/** The second line: what differs from normal, or who this is. */
function About({ row, note, several }: { row: EntryRow; note: string | undefined; several: boolean }) {
  if (note)
    return (
      <span class="about bad" role="alert" data-testid="note">
        <Icon name="alert" />
        {note}
      </span>
    );
  const plain = [
    row.flags.length === 0 ? row.student.externalId : null,
    row.guest ? t('approvals.guest') : row.flags.length === 0 ? t(`wayIn.${row.wayIn}`) : null,
    several ? row.testTitle : null,
    row.attempt > 1 ? t('approvals.attempt', { count: row.attempt }) : null,
  ].filter(Boolean);
  return (
    <span class="about">
      {row.flags.map((flag) => (
        <span key={flag.code} class="flag" title={flag.text}>
          <Icon name="alert" />
          {flag.text}
        </span>
      ))}
      {row.handRaised && (
        <span class="flag">
          <Icon name="hand" />
          {t('roster.hand')}
        </span>
      )}
      <span class="muted">{plain.join(' · ')}</span>
    </span>
  );
}

function Decided({ row }: { row: EntryRow }) {
  const by = row.decision?.by?.name;
  return (
    <span class="decidedBy">
      <StateBadge state={row.state} />
      {by && <span class="muted">{t('approvals.by', { name: by })}</span>}
    </span>
  );
}
