// Builds the two pages into ../wwwroot, one after the other rather than in one pass: built together they
// would share a chunk, and whatever only the console uses of it would weigh on the student's page.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { compressFolder } from './compress.mjs';
import { heaviestLanguage, pageWeight } from './weight.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const outDir = fileURLToPath(new URL('../../wwwroot', import.meta.url));
const pages = { console: 'index.html', lobby: 'join.html' };
/** product.md section 7: the whole student's page, compressed. */
const lobbyLimit = 45 * 1024;

let first = true;
for (const [name, input] of Object.entries(pages)) {
  await build({
    root,
    logLevel: 'warn',
    build: {
      outDir,
      emptyOutDir: first,
      rolldownOptions: {
        input: { [name]: fileURLToPath(new URL(`../${input}`, import.meta.url)) },
        output: {
          entryFileNames: 'assets/[name]-[hash].js',
          assetFileNames: 'assets/[name]-[hash][extname]',
        },
      },
    },
  });
  first = false;
}

await compressFolder(outDir);
for (const [name, page] of Object.entries(pages)) {
  const { plain, brotli: own, gzip } = await pageWeight(outDir, page);
  // Whoever reads in another language loads its words as well.
  const brotli = own + (name === 'lobby' ? await heaviestLanguage(outDir) : 0);
  const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
  console.log(`${name}: ${kb(plain)}, ${kb(gzip)} gzip, ${kb(brotli)} brotli`);
  if (name === 'lobby' && brotli > lobbyLimit) {
    console.error(`lobby: the student's page is over ${kb(lobbyLimit)} compressed`);
    process.exitCode = 1;
  }
}
