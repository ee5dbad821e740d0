import type { CatalogueTest } from '../../shared/wire';

/** Sections typed one a line, a star behind the title of a sealed one; a test without any has one that is called like it. */
export function readSections(text: string, title: string): CatalogueTest['sections'] {
  const sections = text
    .split('\n')
    .map((line) => ({ title: line.replace(/\*\s*$/, '').trim(), sealed: /\*\s*$/.test(line) }))
    .filter((section) => section.title !== '');
  return sections.length > 0 ? sections : [{ title, sealed: false }];
}
