import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** What asks the server first is a part of its own, and runs as soon as it is there: it waits for no style and no other part. */
const early: Plugin = {
  name: 'aios:early',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle = {} }) {
      const chunks = Object.values(bundle).filter((each) => each.type === 'chunk');
      const part = chunks.find((each) => each.name === 'early');
      if (!part) throw new Error('the early part of the page is not a file of its own');
      const attrs = { type: 'module', async: true, crossorigin: true, src: `/${part.fileName}` };
      return [{ tag: 'script', attrs, injectTo: 'head-prepend' }];
    },
  },
};

/** The page is plain files under a strict policy: no inline script or style, nothing from elsewhere. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react(), early],
  resolve: { alias: { '#protocol': new URL('../protocol', import.meta.url).pathname } },
  worker: { format: 'es' },
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'early', test: /connection[\\/](early|session)\.ts$/ },
            // Small parts that everything shares: each would be a request of its own.
            {
              name: 'base',
              test: /(rolldown[\\/]runtime|renderer[\\/](store|i18n|text)[\\/]|node_modules[\\/](i18next|zustand)[\\/]|protocol[\\/]model[\\/]goal[\\/]status)/,
            },
            // One file of forty kilobytes instead of twenty requests.
            { name: 'icons', test: /node_modules[\\/]lucide-react[\\/]/ },
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
          ],
        },
      },
    },
  },
});
