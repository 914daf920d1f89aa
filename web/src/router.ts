import { createRouter, createWebHistory } from 'vue-router'
import { whenStranger } from './api/client.ts'
import type { Permission } from './api/wire.ts'
import OverviewPage from './overview/page.vue'
import MissingPage from './parts/missing-page.vue'

declare module 'vue-router' {
  interface RouteMeta {
    /** What one's roles must allow; without it every page is for whoever is signed in. */
    may?: Permission
  }
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'map', component: OverviewPage },
    { path: '/enterprises/:id(\\d+)', name: 'enterprise', component: () => import('./overview/enterprise/page.vue') },
    // Forms and tables come in a chunk of their own: the map page must stay light.
    { path: '/imports', name: 'imports', component: () => import('./imports/page.vue'), meta: { may: 'import' } },
    { path: '/risk-points/new', name: 'new-point', component: () => import('./register/point-page.vue'), meta: { may: 'write' } },
    { path: '/risk-points/:id(\\d+)/edit', name: 'edit-point', component: () => import('./register/point-page.vue'), meta: { may: 'write' } },
    { path: '/print', name: 'print', component: () => import('./print/page.vue'), meta: { may: 'export' } },
    { path: '/risk-points/:id(\\d+)/history', name: 'point-history', component: () => import('./register/history-page.vue') },
    { path: '/enterprises/new', name: 'new-enterprise', component: () => import('./register/enterprise-page.vue'), meta: { may: 'write' } },
    { path: '/enterprises/:id(\\d+)/edit', name: 'edit-enterprise', component: () => import('./register/enterprise-page.vue'), meta: { may: 'write' } },
    { path: '/sign-in', name: 'sign-in', component: () => import('./accounts/sign-in-page.vue') },
    { path: '/account', name: 'account', component: () => import('./accounts/account-page.vue') },
    { path: '/people', name: 'people', component: () => import('./accounts/people-page.vue'), meta: { may: 'people' } },
    { path: '/audit', name: 'audit', component: () => import('./audit/page.vue'), meta: { may: 'audit' } },
    { path: '/:rest(.*)*', name: 'missing', component: MissingPage },
  ],
})

/** Whether the page shows where one signs in, also before the router has got there. */
export function isAtDoor(): boolean {
  const here = router.currentRoute.value
  return (here.matched.length > 0 ? here : router.resolve(window.location.pathname)).name === 'sign-in'
}

/** Wherever the service asks who this is, one signs in and comes back; the address stays what it was. */
whenStranger((stranger) => {
  const step = stranger === 'password_must_change' ? { step: 'password' } : {}
  const { query } = router.currentRoute.value
  if (!isAtDoor()) {
    const next = window.location.pathname + window.location.search
    void router.replace({ name: 'sign-in', query: { ...(next !== '/' && { next }), ...step } })
  } else if (query.step !== ('step' in step ? step.step : undefined)) {
    void router.replace({ name: 'sign-in', query: { ...(query.next && { next: query.next }), ...step } })
  }
})
