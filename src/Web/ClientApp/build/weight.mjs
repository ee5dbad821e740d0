import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of a page with everything it loads from this origin: scripts, styles, icon. */
export async function pageWeight(folder, page) {
  const html = await readFile(join(folder, page), 'utf8');
  const loaded = [...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map((match) => match[1]);
  const total = { plain: 0, brotli: 0, gzip: 0 };
  for (const file of [page, ...loaded]) {
    total.plain += (await stat(join(folder, file))).size;
    total.brotli += (await stat(join(folder, `${file}.br`))).size;
    total.gzip += (await stat(join(folder, `${file}.gz`))).size;
  }
  return total;
}
