// Builds the two pages into ../wwwroot, one after the other rather than in one pass: built together they
// would share a chunk, and whatever only the console uses of it would weigh on the student's page.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { compressFolder } from './compress.mjs';
import { preloadMain } from './preload.mjs';
import { pageWeight } from './weight.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const outDir = fileURLToPath(new URL('../../wwwroot', import.meta.url));
const pages = { console: 'index.html', lobby: 'join.html' };
/** Of product.md section 7's 45 KB for the whole student's page, compressed, in the heaviest language. */
const lobbyLimit = 45 * 1024;

const scripts = {};
for (const [name, input] of Object.entries(pages)) {
  const { output } = await build({
    root,
    logLevel: 'warn',
    plugins: [preloadMain()],
    build: {
      outDir,
      emptyOutDir: Object.keys(scripts).length === 0,
      rolldownOptions: {
        input: { [name]: fileURLToPath(new URL(`../${input}`, import.meta.url)) },
        output: {
          entryFileNames: 'assets/[name]-[hash].js',
          assetFileNames: 'assets/[name]-[hash][extname]',
        },
      },
    },
  });
  scripts[name] = output.filter(({ type, isEntry }) => type === 'chunk' && !isEntry);
}

await compressFolder(outDir);
for (const [name, page] of Object.entries(pages)) {
  const { plain, brotli, gzip, seldom } = await pageWeight(outDir, page, scripts[name]);
  const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
  console.log(
    `${name}: ${kb(plain)}, ${kb(gzip)} gzip, ${kb(brotli)} brotli; ${kb(seldom)} more where web sockets are blocked`,
  );
  if (name === 'lobby' && brotli > lobbyLimit) {
    console.error(`lobby: the student's page is over ${kb(lobbyLimit)} compressed`);
    process.exitCode = 1;
  }
}
