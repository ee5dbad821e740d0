import { expect, it } from 'vitest';
import { readSections } from './sections';

it('reads a section a line, and seals the starred', () => {
  expect(readSections('Numbers\n\n Geometry * \n*', 'Test')).toEqual([
    { title: 'Numbers', sealed: false },
    { title: 'Geometry', sealed: true },
  ]);
});

it('gives a test without sections one that is called like it', () => {
  expect(readSections(' \n', 'Mathematics')).toEqual([{ title: 'Mathematics', sealed: false }]);
});
