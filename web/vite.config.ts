import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { lingui } from '@lingui/vite-plugin';
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { linguiMacro } from './tools/lingui-macro.ts';

/** Where `npm run dev` finds the server that answers /api, /tiles and /styles. */
const server = process.env.FINAGE_URL ?? 'http://127.0.0.1:8080';
const repository = fileURLToPath(new URL('..', import.meta.url));

/** Every address of the application answers its page, as the server does. */
const pageApp: Plugin = {
  name: 'finage-page-app',
  configureServer({ middlewares }) {
    middlewares.use((request, _, next) => {
      if (/^\/app(?:[/?]|$)/.test(request.url ?? '')) request.url = '/app.html';
      next();
    });
  },
};

export default defineConfig({
  plugins: [
    pageApp,
    react(),
    linguiMacro(),
    lingui(),
    { ...optimizeLocales.vite({ locales: ['fr-FR'] }), enforce: 'pre' },
  ],
  build: {
    target: 'es2022',
    // The map is a lazy chunk of its own; `npm run size` watches the first route.
    chunkSizeWarningLimit: 1200,
    // A preload helper would be one more round trip before the search box answers.
    modulePreload: { polyfill: false },
    manifest: true,
    // The map and the agents' application are pages; the public pages come from the server, which finds this entry in the manifest.
    rolldownOptions: { input: ['index.html', 'app.html', 'src/portal/portail.ts'] },
  },
  worker: { format: 'es' },
  server: {
    fs: { allow: [repository] },
    proxy: { '/api': server, '/tiles': server, '/styles': server, '/parcelle': server },
  },
  test: { include: ['test/**/*.test.ts'], environment: 'node' },
});
