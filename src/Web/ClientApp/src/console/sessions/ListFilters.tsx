import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import type { ListFilter } from './listFilter';
import { PhasePicker } from './PhasePicker';
import { staffNames } from './staffNames';

interface ListFiltersProps {
  filter: ListFilter;
  /** Whether sessions of others are listed, so that it makes a difference whose are asked for. */
  proctors: boolean;
  onChange: (part: Partial<ListFilter>) => void;
}

export function ListFilters({ filter, proctors, onChange }: ListFiltersProps) {
  const [search, setSearch] = useState(filter.search);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setSearch(filter.search), [filter.search]);
  useEffect(() => () => clearTimeout(timer.current), []);

  return (
    <search class="filters">
      <span class="searchBox">
        <Icon name="search" />
        <input
          class="input"
          type="search"
          aria-label={t('list.search')}
          placeholder={t('list.search')}
          maxLength={120}
          value={search}
          data-testid="search"
          onInput={(event) => {
            const text = event.currentTarget.value;
            setSearch(text);
            clearTimeout(timer.current);
            timer.current = setTimeout(() => onChange({ search: text }), 200);
          }}
        />
      </span>
      <PhasePicker chosen={filter.phases} onChange={(phases) => onChange({ phases })} />
      {proctors && <ProctorFilter chosen={filter.proctor} onChange={(proctor) => onChange({ proctor })} />}
      <label class="check">
        <input
          type="checkbox"
          checked={filter.hidePast}
          data-testid="hide-past"
          onChange={(event) => onChange({ hidePast: event.currentTarget.checked })}
        />
        {t('list.hidePast')}
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={filter.showOld}
          data-testid="show-old"
          onChange={(event) => onChange({ showOld: event.currentTarget.checked })}
        />
        {t('list.showOld')}
      </label>
    </search>
  );
}

function ProctorFilter({ chosen, onChange }: { chosen: string; onChange: (proctor: string) => void }) {
  const names = staffNames().value;
  return (
    <select
      class="input"
      aria-label={t('list.proctor')}
      value={chosen}
      data-testid="proctor-filter"
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      <option value="">{t('list.everyProctor')}</option>
      <option value="me">{t('list.mine')}</option>
      {chosen !== '' && chosen !== 'me' && !names.some(({ id }) => id === chosen) && (
        <option value={chosen}>{t('someone')}</option>
      )}
      {names.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
