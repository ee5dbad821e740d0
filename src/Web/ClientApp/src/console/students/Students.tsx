import type { EntryRow } from '../../shared/wire';
import { connected, now } from '../hub';
import type { Room } from '../session/room';
import { Icon } from '../shell/Icon';
import { useNarrow } from '../shell/useNarrow';
import { VirtualTable } from '../shell/VirtualTable';
import { t } from '../text';
import { filters } from './filters';
import type { StudentCommand } from './preview';
import { RowMenu } from './RowMenu';
import { StudentRow } from './StudentRow';

interface StudentsProps {
  room: Room;
  /** Whether this person may command. */
  steer: boolean;
}

/** Everyone who ever asked to be admitted, those with problems first. */
export function Students({ room, steer }: StudentsProps) {
  const narrow = useNarrow();
  const rows = room.students.value;
  const ready = steer && connected.value;

  return (
    <section class="region students" id="students" aria-label={t('tab.students')}>
      <Chips room={room} />
      {/* Where it scrolls, a bar of disabled buttons could not be reached by keyboard. */}
      {steer && (rows.length > 0 || !narrow) && <Commands room={room} rows={rows} ready={ready} />}
      <div class={connected.value ? 'scroll' : 'scroll stale'}>
        {rows.length === 0 ? (
          <Nobody none={room.live.entries.value.size === 0} />
        ) : (
          <VirtualTable
            rows={rows}
            rowHeight={narrow ? 80 : 46}
            caption={t('tab.students')}
            class="rows studentRows"
            reveal={rows.findIndex(({ id }) => id === room.studentsCursor.id.value)}
            head={<Head room={room} rows={rows} steer={steer} />}
          >
            {(row, index) => (
              <StudentRow key={row.id} row={row} index={index} room={room} steer={steer} now={now.value} />
            )}
          </VirtualTable>
        )}
      </div>
      {steer && <RowMenu room={room} ready={ready} />}
    </section>
  );
}

function Chips({ room }: { room: Room }) {
  const counted = room.studentCounts.value;
  return (
    <div class="regionBar chipsBar">
      <fieldset class="chips" aria-label={t('roster.state')}>
        {filters.map((filter) => (
          <button
            key={filter}
            type="button"
            class={`chip ${filter === 'problems' && counted.problems > 0 ? 'bad' : ''}`}
            aria-pressed={room.studentsFilter.value === filter}
            data-testid={`filter-${filter}`}
            onClick={() => {
              room.studentsFilter.value = filter;
            }}
          >
            {filter === 'problems' && counted.problems > 0 && <Icon name="alert" />}
            {t(`filter.${filter}`)}
            <span class="numbers">{counted[filter].toLocaleString('en')}</span>
          </button>
        ))}
      </fieldset>
      <span class="searchBox">
        <Icon name="search" />
        <input
          class="input"
          type="search"
          aria-label={t('roster.filter')}
          placeholder={t('filter')}
          value={room.studentsSearch.value}
          data-find="students"
          onInput={(event) => {
            room.studentsSearch.value = event.currentTarget.value;
          }}
        />
      </span>
    </div>
  );
}

const bulk: readonly StudentCommand[] = ['pause', 'resume', 'extend', 'message'];
const rare: readonly StudentCommand[] = ['revoke', 'terminate'];

/** Acts on the ticked, or on all that the filter shows. */
function Commands({ room, rows, ready }: { room: Room; rows: readonly EntryRow[]; ready: boolean }) {
  const ticked = room.studentsTicks.of(rows);
  const on = ticked.length > 0 ? ticked : rows;
  const button = (command: StudentCommand) => (
    <button
      key={command}
      class={`button small ${command === 'terminate' ? 'danger' : ''}`}
      type="button"
      disabled={!ready || on.length === 0}
      data-testid={`bulk-${command}`}
      onClick={() => {
        room.dialog.value = { kind: 'command', command, rows: on };
      }}
    >
      {t(`command.${command}`)}
    </button>
  );
  const sealed = on.some(({ state }) => state === 'atSeal');
  return (
    <div class={ticked.length > 0 ? 'regionBar commands some' : 'regionBar commands'}>
      <span class="onWhom numbers">
        {ticked.length > 0 ? (
          <>
            {t('roster.ticked', { count: ticked.length })}
            <button
              class="iconButton"
              type="button"
              onClick={() => room.studentsTicks.clear()}
              aria-label={t('roster.clearTicks')}
            >
              <Icon name="close" />
            </button>
          </>
        ) : (
          t('roster.allShown', { count: rows.length })
        )}
      </span>
      {sealed && button('releaseSeal')}
      {bulk.map(button)}
      {useNarrow() ? (
        rare.map(button)
      ) : (
        <details class="moreCommands">
          <summary class="button small">
            {t('roster.more')}
            <Icon name="down" />
          </summary>
          <div class="popout">{rare.map(button)}</div>
        </details>
      )}
    </div>
  );
}

function Head({ room, rows, steer }: { room: Room; rows: readonly EntryRow[]; steer: boolean }) {
  const ticked = room.studentsTicks.of(rows).length;
  return (
    <tr>
      <th scope="col" class="c-tick">
        {steer && (
          <input
            type="checkbox"
            aria-label={t('roster.tickAll')}
            checked={rows.length > 0 && ticked === rows.length}
            ref={(box) => {
              if (box) box.indeterminate = ticked > 0 && ticked < rows.length;
            }}
            onChange={(event) => room.studentsTicks.set(rows, event.currentTarget.checked)}
          />
        )}
      </th>
      <th scope="col" class="c-state">
        {t('roster.state')}
      </th>
      <th scope="col">{t('roster.student')}</th>
      <th scope="col" class="c-presence">
        {t('roster.presence')}
      </th>
      <th scope="col" class="c-progress">
        {t('roster.progress')}
      </th>
      <th scope="col" class="c-section">
        {t('roster.section')}
      </th>
      <th scope="col" class="c-left">
        {t('roster.left')}
      </th>
      <th scope="col" class="c-paused">
        {t('roster.paused')}
      </th>
      <th scope="col" class="c-seen">
        {t('roster.seen')}
      </th>
      <th scope="col" class="c-menu">
        <span class="visually-hidden">{t('roster.more')}</span>
      </th>
    </tr>
  );
}

function Nobody({ none }: { none: boolean }) {
  if (!none) return <p class="nothing">{t('roster.emptyFilter')}</p>;
  return (
    <div class="nothing">
      <Icon name="person" />
      <strong>{t('roster.empty')}</strong>
      <p class="muted">{t('roster.emptyHint')}</p>
    </div>
  );
}
