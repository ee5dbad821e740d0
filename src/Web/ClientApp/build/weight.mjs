import { readdir, readFile, stat } from 'node:fs/promises';
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

/** Bytes of the larger of the two languages that are loaded on demand, compressed. */
export async function heaviestLanguage(folder) {
  const files = (await readdir(join(folder, 'assets'))).filter((name) => /^(es|fr)-.*\.js\.br$/.test(name));
  if (files.length !== 2) throw new Error(`Two languages were expected, not ${files.join(', ')}`);
  return Math.max(
    ...(await Promise.all(files.map(async (name) => (await stat(join(folder, 'assets', name))).size))),
  );
}
