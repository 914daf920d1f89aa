import { createRouter, createWebHistory } from 'vue-router'
import OverviewPage from './overview/page.vue'
import MissingPage from './parts/missing-page.vue'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'map', component: OverviewPage },
    { path: '/enterprises/:id(\\d+)', name: 'enterprise', component: () => import('./overview/enterprise/page.vue') },
    // Forms and tables come in a chunk of their own: the map page must stay light.
    { path: '/imports', name: 'imports', component: () => import('./imports/page.vue') },
    { path: '/risk-points/new', name: 'new-point', component: () => import('./register/point-page.vue') },
    { path: '/risk-points/:id(\\d+)/edit', name: 'edit-point', component: () => import('./register/point-page.vue') },
    { path: '/print', name: 'print', component: () => import('./print/page.vue') },
    { path: '/risk-points/:id(\\d+)/history', name: 'point-history', component: () => import('./register/history-page.vue') },
    { path: '/enterprises/new', name: 'new-enterprise', component: () => import('./register/enterprise-page.vue') },
    { path: '/enterprises/:id(\\d+)/edit', name: 'edit-enterprise', component: () => import('./register/enterprise-page.vue') },
    { path: '/:rest(.*)*', name: 'missing', component: MissingPage },
  ],
})
