import { createApp } from 'vue'
import App from './app.vue'
import { watchTouches } from './api/attendance.ts'
import './base.css'
import { i18n } from './i18n/index.ts'
import { guardFileLinks } from './parts/file-links.ts'
import { applyPalette } from './parts/palette.ts'
import { router } from './router.ts'

watchTouches(window)
guardFileLinks(document)
applyPalette(document.documentElement)
createApp(App).use(i18n).use(router).mount('#app')
