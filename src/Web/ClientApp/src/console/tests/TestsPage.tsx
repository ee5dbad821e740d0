import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { call } from '../../shared/api';
import type { CatalogueTest, Page } from '../../shared/wire';
import { type Column, DeskTable } from '../roster/DeskTable';
import { PagedList } from '../roster/pagedList';
import type { Query } from '../route';
import { AddTest } from '../sessions/AddTest';
import { Desk } from '../shell/Desk';
import { Dialog } from '../shell/Dialog';
import { Icon } from '../shell/Icon';
import { t } from '../text';

type Row = CatalogueTest & { id: string };

/** The catalogue of tests. */
export function TestsPage(_: { query: Query }) {
  const adding = useSignal(false);
  const list = useMemo(
    () =>
      new PagedList<Row>(async (method, path, options) => {
        const read = await call<Page<CatalogueTest>>(method, path, options);
        if (!read.ok) return read;
        const items = read.value.items.map((test) => ({ ...test, id: test.code }));
        return { ...read, value: { items, next: read.value.next ?? null } };
      }),
    [],
  );
  useEffect(() => void list.show('/tests'), []);
  const close = () => {
    adding.value = false;
  };
  const open = () => {
    adding.value = true;
  };
  return (
    <Desk
      desk="tests"
      actions={
        <button class="button primary" type="button" data-testid="add-test-button" onClick={open}>
          <Icon name="plus" />
          {t('form.addTest')}
        </button>
      }
    >
      <DeskTable
        caption={t('nav.tests')}
        list={list}
        columns={columns}
        nameOf={({ title }) => title}
        empty={
          <>
            <Icon name="pencil" />
            <strong>{t('tests.none')}</strong>
            <span>{t('tests.noneHint')}</span>
          </>
        }
      />
      {adding.value && (
        <Dialog title={t('form.addTest')} onClose={close} size="large" testId="test-dialog">
          <form class="form bareSubform" onSubmit={(event) => event.preventDefault()}>
            <AddTest
              onAdded={() => {
                close();
                void list.show('/tests');
              }}
              onCancel={close}
            />
          </form>
        </Dialog>
      )}
    </Desk>
  );
}

const columns: Column<Row>[] = [
  { name: 'name', label: t('test.title'), cell: ({ title }) => <strong class="cellName">{title}</strong> },
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
