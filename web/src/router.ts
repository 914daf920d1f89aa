import { createRouter, createWebHistory } from 'vue-router'
import OverviewPage from './overview/page.vue'
import MissingPage from './parts/missing-page.vue'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'map', component: OverviewPage },
    // Forms and tables come in a chunk of their own: the map page must stay light.
    { path: '/imports', name: 'imports', component: () => import('./imports/page.vue') },
    { path: '/print', name: 'print', component: () => import('./print/page.vue') },
    { path: '/:rest(.*)*', name: 'missing', component: MissingPage },
  ],
})
