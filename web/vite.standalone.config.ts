/** The drawing of a map in a file: one script and one style sheet, Leaflet and its pictures within. */
import { defineConfig } from 'vite'

export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2022',
    // Beside the page, after it: the page's own build empties the folder.
    emptyOutDir: false,
    sourcemap: false,
    lib: {
      entry: 'src/standalone/main.ts',
      name: 'riskmapDrawing',
      formats: ['iife'],
      fileName: () => 'standalone.js',
      cssFileName: 'standalone',
    },
  },
})
