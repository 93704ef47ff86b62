import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The page is plain files under a strict policy: no inline script or style, nothing from elsewhere. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  resolve: { alias: { '#protocol': new URL('../protocol', import.meta.url).pathname } },
  worker: { format: 'es' },
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
  },
});
