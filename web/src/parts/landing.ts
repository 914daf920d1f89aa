/** Where somebody lands who opens the page without saying what to see. */
import { watchEffect, type ComputedRef } from 'vue'
import { useRouter } from 'vue-router'
import type { Session } from '../api/wire.ts'

/** Whoever keeps accounts or reads the audit and sees no rows has their own page in place of an empty map. */
export function useLanding(known: ComputedRef<Session | null>, isEmpty: ComputedRef<boolean>): void {
  const router = useRouter()
  watchEffect(() => {
    if (!isEmpty.value || !known.value) return
    const { may } = known.value.viewer
    if (may.includes('people')) void router.replace('/people')
    else if (may.includes('audit')) void router.replace('/audit')
  })
}
