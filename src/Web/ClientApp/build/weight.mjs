import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

const languages = /\/text\/\w\w\.ts$/;
const fallbacks = /\/negotiated\.ts$/;

/**
 * Bytes of a page with everything that it loads from this origin: scripts, styles, icon, and of its languages the
 * heaviest one. Scripts that only a browser behind a hindering proxy loads are counted apart (`seldom`).
 */
export async function pageWeight(folder, page, scripts) {
  const html = await readFile(join(folder, page), 'utf8');
  const files = new Set([page, ...[...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map((match) => match[1])]);
  const spoken = [];
  let seldom = 0;
  for (const { facadeModuleId, fileName } of scripts) {
    if (languages.test(facadeModuleId ?? '')) spoken.push(await weigh(folder, fileName));
    else if (fallbacks.test(facadeModuleId ?? '')) seldom += (await weigh(folder, fileName)).brotli;
    else files.add(fileName);
  }
  const all = await Promise.all([...files].map((file) => weigh(folder, file)));
  const heaviest = spoken.sort((a, b) => b.brotli - a.brotli)[0];
  if (heaviest) all.push(heaviest);
  const sum = (kind) => all.reduce((total, weight) => total + weight[kind], 0);
  return { plain: sum('plain'), brotli: sum('brotli'), gzip: sum('gzip'), seldom };
}

async function weigh(folder, file) {
  const size = async (name) => (await stat(join(folder, name))).size;
  return { plain: await size(file), brotli: await size(`${file}.br`), gzip: await size(`${file}.gz`) };
}
