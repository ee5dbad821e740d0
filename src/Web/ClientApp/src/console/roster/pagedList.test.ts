import { expect, it } from 'vitest';
import type { Result } from '../../shared/api';
import type { Page } from '../../shared/wire';
import { PagedList, pathOf } from './pagedList';

interface Row {
  id: string;
}
type Answer = Result<Page<Row>>;

const page = (ids: readonly string[], next?: string): Answer => ({
  ok: true,
  value: { items: ids.map((id) => ({ id })), ...(next ? { next } : {}) },
  etag: null,
});

/** A server whose answers come when the test says. */
function served() {
  const asked: { path: string; answer: (answer: Answer) => void }[] = [];
  const list = new PagedList<Row>((_, path) => new Promise((answer) => asked.push({ path, answer })));
  const reply = async (index: number, answer: Answer) => {
    asked[index]?.answer(answer);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { list, asked, reply, ids: () => list.rows.value.map(({ id }) => id) };
}

it('adds page to page, and shows no row twice that moved between them', async () => {
  const { list, asked, reply, ids } = served();
  void list.show('/students?search=a');
  await reply(0, page(['1', '2'], 'c1'));
  expect(list.more.value).toBe(true);
  list.readMore();
  expect(asked[1]?.path).toContain('search=a');
  expect(asked[1]?.path).toContain('cursor=c1');
  await reply(1, page(['2', '3']));
  expect(ids()).toEqual(['1', '2', '3']);
  expect(list.more.value).toBe(false);
});

it('forgets the answer to an older question', async () => {
  const { list, reply, ids } = served();
  void list.show('/students?search=a');
  void list.show('/students?search=ab');
  await reply(1, page(['new']));
  await reply(0, page(['old']));
  expect(ids()).toEqual(['new']);
});

it('keeps its rows when reading again fails, and says so', async () => {
  const { list, reply, ids } = served();
  void list.show('/students');
  await reply(0, page(['1']));
  void list.reload();
  await reply(1, { ok: false, problem: { code: 'offline', detail: '' } });
  expect(ids()).toEqual(['1']);
  expect(list.problem.value?.code).toBe('offline');
});

it('keeps the rows of the question before until the next one is answered, or cannot be', async () => {
  const { list, reply, ids } = served();
  void list.show('/students');
  await reply(0, page(['1']));
  void list.show('/students?search=a');
  expect([ids(), list.changing.value]).toEqual([['1'], true]);
  await reply(1, page(['2']));
  expect([ids(), list.changing.value]).toEqual([['2'], false]);
  void list.show('/students?search=ab');
  await reply(2, { ok: false, problem: { code: 'offline', detail: '' } });
  expect([ids(), list.changing.value]).toEqual([[], false]);
});

it('writes an address without what is empty', () => {
  expect(pathOf('/students', { search: '', group: undefined })).toBe('/students');
  expect(pathOf('/students', { search: 'a b', group: 'g' })).toBe('/students?search=a+b&group=g');
});
