import { createApp } from 'vue'
import App from './app.vue'
import './base.css'
import { i18n } from './i18n/index.ts'
import { applyPalette } from './parts/palette.ts'
import { router } from './router.ts'

applyPalette(document.documentElement)
createApp(App).use(i18n).use(router).mount('#app')
