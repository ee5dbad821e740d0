import { signal } from '@preact/signals';
import { expect, it } from 'vitest';
import { Cursor } from './cursor';

const rows = (...ids: string[]) => ids.map((id) => ({ id }));

it('starts at the first row and stops at the ends', () => {
  const cursor = new Cursor(signal(rows('a', 'b')));
  cursor.move(1);
  expect(cursor.row()?.id).toBe('a');
  cursor.move(1);
  cursor.move(1);
  expect(cursor.row()?.id).toBe('b');
});

it('stays with its row when others come and go above it', () => {
  const list = signal(rows('a', 'b', 'c'));
  const cursor = new Cursor(list);
  cursor.at('c');
  list.value = rows('c');
  expect(cursor.row()?.id).toBe('c');
});

it('keeps its place when its own row leaves', () => {
  const list = signal(rows('a', 'b', 'c'));
  const cursor = new Cursor(list);
  cursor.at('b');
  list.value = rows('a', 'c');
  expect(cursor.row()?.id).toBe('c');
  list.value = rows('a');
  expect(cursor.row()?.id).toBe('a');
  list.value = [];
  expect(cursor.row()).toBeUndefined();
});
