/** What stands between the reader and a true picture: nobody answers, or the service refuses the filter. */
import { computed, type ComputedRef, type ShallowRef } from 'vue'
import { Refused, Unreachable } from '../api/client.ts'
import { useTexts } from '../i18n/index.ts'
import type { TileHealth } from '../map/tile-layer.ts'

export function useTrouble(
  error: Readonly<ShallowRef<unknown>>,
  health: Readonly<ShallowRef<TileHealth>>,
): { isOffline: ComputedRef<boolean>; refusal: ComputedRef<string | null> } {
  const { language } = useTexts()
  return {
    isOffline: computed(() => health.value.isUnreachable || error.value instanceof Unreachable),
    refusal: computed(() => {
      const refused = error.value instanceof Refused && error.value.status === 422 ? error.value : null
      return refused?.messages[language.value] ?? null
    }),
  }
}
