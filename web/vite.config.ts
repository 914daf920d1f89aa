import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'

const SWAGGER_FILES = ['swagger-ui-bundle.js', 'swagger-ui.css']

/** Put Swagger UI beside the page, so that /api/docs works without the internet. */
function swaggerUi(): Plugin {
  const locate = createRequire(import.meta.url)
  return {
    name: 'swagger-ui',
    apply: 'build',
    generateBundle() {
      for (const file of SWAGGER_FILES) {
        const source = readFileSync(locate.resolve(`swagger-ui-dist/${file}`))
        this.emitFile({ type: 'asset', fileName: `docs/${file}`, source })
      }
    },
  }
}

export default defineConfig({
  plugins: [vue(), swaggerUi()],
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  build: {
    target: 'es2022',
    manifest: true,
    // The oldest browsers met on government desktops are Chromium forks; they know modulepreload.
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  server: {
    proxy: {
      '/api': process.env.RISKMAP_DEV_SERVICE ?? 'http://127.0.0.1:8000',
      '/tiles': process.env.RISKMAP_DEV_SERVICE ?? 'http://127.0.0.1:8000',
    },
  },
})
