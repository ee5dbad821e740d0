import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Group } from '../../shared/wire';
import { ImportButton } from '../imports/ImportButton';
import { go, onLink, type Query, type Route, writeRoute } from '../route';
import { Desk } from '../shell/Desk';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import { type Column, DeskTable } from './DeskTable';
import { GroupDialog } from './GroupDialog';
import { PagedList, pathOf } from './pagedList';
import { RegisterDialog } from './RegisterDialog';
import { SearchField } from './SearchField';

type Open = { kind: 'edit'; group?: Group } | { kind: 'register'; group: Group } | null;

export function GroupsPage({ query }: { query: Query }) {
  const list = useMemo(() => new PagedList<Group>(), []);
  const open = useSignal<Open>(null);
  const { search = '' } = query;
  useEffect(() => void list.show(pathOf('/groups', { search })), [search]);
  const close = () => {
    open.value = null;
  };
  const members = (group: Group): Route => ({ page: 'desk', desk: 'students', query: { group: group.id } });
  const columns: Column<Group>[] = [
    {
      name: 'name',
      label: t('people.group'),
      cell: (group) => (
        <a
          class="cellLink"
          href={writeRoute(members(group))}
          onClick={(event) => onLink(event, members(group))}
        >
          {group.name}
        </a>
      ),
    },
    {
      name: 'size',
      label: t('people.members'),
      figures: true,
      cell: ({ size }) => size.toLocaleString('en'),
    },
    {
      name: 'act',
      label: t('people.actions'),
      cell: (group) => (
        <span class="rowActions">
          <button
            class="button small"
            type="button"
            disabled={group.size === 0}
            onClick={() => {
              open.value = { kind: 'register', group };
            }}
          >
            {t('people.registerMenu')}
          </button>
          <button
            class="button small plain"
            type="button"
            onClick={() => {
              open.value = { kind: 'edit', group };
            }}
          >
            {t('people.edit')}
          </button>
        </span>
      ),
    },
  ];
  return (
    <Desk
      desk="groups"
      actions={
        <>
          <ImportButton kind="groups" />
          <button
            class="button primary"
            type="button"
            data-testid="add-group"
            onClick={() => {
              open.value = { kind: 'edit' };
            }}
          >
            <Icon name="plus" />
            {t('people.addGroup')}
          </button>
        </>
      }
    >
      <search class="filters">
        <SearchField
          label={t('people.searchGroups')}
          value={search}
          onSearch={(text) => go({ page: 'desk', desk: 'groups', query: { search: text } }, true)}
        />
      </search>
      <DeskTable
        caption={t('nav.groups')}
        list={list}
        columns={columns}
        nameOf={({ name }) => name}
        empty={
          <>
            <Icon name="person" />
            <strong>{t(search ? 'people.noGroupMatch' : 'people.noGroups')}</strong>
            {!search && <span>{t('people.noGroupsHint')}</span>}
          </>
        }
      />
      {open.value?.kind === 'edit' && (
        <GroupDialog
          {...(open.value.group ? { group: open.value.group } : {})}
          onClose={close}
          onDone={() => void list.reload()}
        />
      )}
      {open.value?.kind === 'register' && (
        <RegisterDialog
          who={{ groupId: open.value.group.id, name: open.value.group.name, size: open.value.group.size }}
          onClose={close}
          onDone={() => {}}
        />
      )}
    </Desk>
  );
}
