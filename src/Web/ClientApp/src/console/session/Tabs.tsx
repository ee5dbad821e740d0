import { useRef } from 'preact/hooks';
import { go, onLink, type Tab, tabs } from '../route';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import type { Room } from './room';
import { SoundButton } from './SoundButton';

interface TabsProps {
  room: Room;
  id: string;
  tab: Tab;
  /** Approvals and Students are both in sight. */
  both: boolean;
}

export function Tabs({ room, id, tab, both }: TabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const problems = room.studentCounts.value.problems;
  const numbers: Partial<Record<Tab, number>> = {
    approvals: room.waiting.value.length,
    students: room.live.entries.value.size,
  };
  const step = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length] ?? 'approvals';
    go({ page: 'session', id, tab: next });
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };

  return (
    <nav class="tabsBar">
      <div class="tabs" role="tablist" ref={list} onKeyDown={step}>
        {tabs.map((known, index) => (
          <a
            key={known}
            id={`tab-${known}`}
            role="tab"
            href={`/?session=${id}&tab=${known}`}
            aria-selected={tab === known}
            tabIndex={tab === known ? 0 : -1}
            class={both && (known === 'approvals' || known === 'students') ? 'shown' : ''}
            data-testid={known === 'report' ? 'report' : `tab-${known}`}
            title={`${t(`tab.${known}`)} (${index + 1})`}
            onClick={(event) => onLink(event, { page: 'session', id, tab: known })}
          >
            {t(`tab.${known}`)}
            {numbers[known] !== undefined && (
              <span class={known === 'approvals' && numbers[known] > 0 ? 'number loud' : 'number'}>
                {numbers[known].toLocaleString('en')}
              </span>
            )}
            {known === 'students' && problems > 0 && (
              <span class="number bad">
                <Icon name="alert" />
                {problems}
              </span>
            )}
          </a>
        ))}
      </div>
      <span class="tabsEnd">
        <SoundButton />
        <button
          class="iconButton keysButton"
          type="button"
          aria-label={t('room.shortcuts')}
          title={`${t('room.shortcuts')} (?)`}
          onClick={() => {
            room.dialog.value = { kind: 'keys' };
          }}
        >
          <Icon name="keyboard" />
        </button>
      </span>
    </nav>
  );
}
