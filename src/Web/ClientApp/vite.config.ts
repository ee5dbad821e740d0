import { defineConfig } from 'vitest/config';

const backend = 'http://localhost:5000';

// Everything a page loads comes from its own origin and from files: the content security policy allows
// neither inline scripts nor data: addresses, so nothing may be inlined.
export default defineConfig({
  base: '/',
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      '/api': backend,
      '/openapi': backend,
      // As the host does: the student's addresses all answer one page.
      '^/(join|j)(/[^.]*)?$': { target: backend, bypass: () => '/join.html' },
      '/hubs': { target: backend, ws: true },
    },
  },
  test: {
    setupFiles: ['src/lobby/text/english.setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    reporters: ['default'],
    restoreMocks: true,
  },
});
