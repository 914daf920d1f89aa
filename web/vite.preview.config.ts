/** The map on the pages of OGC API: one script and one style sheet beside the page's own files. */
import { defineConfig } from 'vite'

export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2022',
    emptyOutDir: false,
    sourcemap: false,
    lib: {
      entry: 'src/map/preview.ts',
      name: 'riskmapPreview',
      formats: ['iife'],
      fileName: () => 'preview.js',
      cssFileName: 'preview',
    },
  },
})
