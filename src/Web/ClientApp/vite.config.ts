import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const backend = 'http://localhost:5000';

// Everything a page loads comes from its own origin and from files: the content security policy allows
// neither inline scripts nor data: addresses, so nothing may be inlined.
export default defineConfig({
  base: '/',
  plugins: [lobbyAddresses()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      '/api': backend,
      '/openapi': backend,
      '/hubs': { target: backend, ws: true },
    },
  },
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    reporters: ['default'],
    restoreMocks: true,
  },
});

/** The development server answers the student's addresses as the host does. */
function lobbyAddresses(): Plugin {
  return {
    name: 'lobby-addresses',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        if (/^\/(join|j)(\/[^.]*)?$/.test(request.url ?? '')) request.url = '/join.html';
        next();
      });
    },
  };
}
