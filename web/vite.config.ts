/** Builds the officers' screens into the Django static folder, with a manifest the page view reads. */
import { fileURLToPath } from 'node:url'

import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  base: '/static/desk/',
  plugins: [vue()],
  resolve: { alias: { '@': here('./src') } },
  worker: { format: 'es' }, // MapLibre's is a module
  build: {
    outDir: here('../src/fengqiao/site/static/desk'),
    emptyOutDir: true,
    manifest: 'manifest.json',
    target: 'es2022',
    assetsInlineLimit: 0, // the page forbids data: everywhere but in images
    modulePreload: { polyfill: false },
    rollupOptions: { input: { desk: here('./src/desk/main.ts') } },
  },
})
