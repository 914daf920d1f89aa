/** Where somebody lands who opens the page without saying what to see. */
import { watch, watchEffect, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Session } from '../api/wire.ts'

/** Zones lie over statutory districts: no point is located in one, points are managed by it. */
const ZONES: readonly string[] = ['functional_zone', 'zone_town']

/**
 * Whoever keeps accounts or reads the audit and sees no rows has their own page in place of an empty map; who answers for a
 * zone sees it by who manages. The second only once: whoever then turns to the other view stays there.
 */
export function useLanding(known: ComputedRef<Session | null>, isEmpty: ComputedRef<boolean>): void {
  const route = useRoute()
  const router = useRouter()
  watchEffect(() => {
    if (!isEmpty.value || !known.value) return
    const { may } = known.value.viewer
    if (may.includes('people')) void router.replace('/people')
    else if (may.includes('audit')) void router.replace('/audit')
  })
  watch(known, (session, before) => {
    if (before || !session || route.name !== 'map' || 'view' in route.query) return
    if (ZONES.includes(session.territory.level)) void router.replace({ query: { ...route.query, view: 'managed' } })
  })
}
