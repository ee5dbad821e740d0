import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { call } from '../../shared/api';
import type { CatalogueTest, Page } from '../../shared/wire';
import { type Column, DeskTable } from '../roster/DeskTable';
import { PagedList } from '../roster/pagedList';
import type { Query } from '../route';
import { Desk } from '../shell/Desk';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import { TestDialog } from './TestDialog';

type Row = CatalogueTest & { id: string };
type Open = { test?: Row } | null;

/** The catalogue of tests. */
export function TestsPage(_: { query: Query }) {
  const open = useSignal<Open>(null);
  const list = useMemo(
    () =>
      new PagedList<Row>(async (method, path, options) => {
        const read = await call<Page<CatalogueTest>>(method, path, options);
        if (!read.ok) return read;
        const items = read.value.items.map((test) => ({ ...test, id: test.id ?? test.code }));
        return { ...read, value: { items, next: read.value.next ?? null } };
      }),
    [],
  );
  useEffect(() => void list.show('/tests'), []);
  const add = () => {
    open.value = {};
  };
  return (
    <Desk
      desk="tests"
      actions={
        <button class="button primary" type="button" data-testid="add-test-button" onClick={add}>
          <Icon name="plus" />
          {t('form.addTest')}
        </button>
      }
    >
      <DeskTable
        caption={t('nav.tests')}
        list={list}
        columns={columnsOf((test) => {
          open.value = { test };
        })}
        nameOf={({ title }) => title}
        empty={
          <>
            <Icon name="pencil" />
            <strong>{t('tests.none')}</strong>
            <span>{t('tests.noneHint')}</span>
          </>
        }
      />
      {open.value && (
        <TestDialog
          {...(open.value.test ? { test: open.value.test } : {})}
          onClose={() => {
            open.value = null;
          }}
          onDone={() => void list.reload()}
        />
      )}
    </Desk>
  );
}

const columnsOf = (edit: (test: Row) => void): Column<Row>[] => [
  {
    name: 'name',
    label: t('test.title'),
    cell: (test) => (
      <button class="cellButton" type="button" onClick={() => edit(test)}>
        {test.title}
      </button>
    ),
  },
  { name: 'code', label: t('test.code'), cell: ({ code }) => <span class="mono">{code}</span> },
  { name: 'kind', label: t('test.kind'), cell: ({ kind }) => t(`testKind.${kind}`) },
  { name: 'minutes', label: t('test.minutes'), figures: true, cell: ({ minutes }) => minutes },
  {
    name: 'sections',
    label: t('tests.sections'),
    cell: ({ sections }) =>
      sections.map(({ title, sealed }) => (sealed ? `${title} (${t('tests.sealed')})` : title)).join(', ') ||
      t('none'),
  },
  {
    name: 'proctored',
    label: t('tests.proctored'),
    cell: ({ proctored }) => t(proctored ? 'form.proctored' : 'form.unproctored'),
  },
];
