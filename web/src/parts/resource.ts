/** Something read from the service: what is known, what went wrong, what is under way. */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import { isAbort } from '../api/client.ts'

export interface Resource<T> {
  value: Readonly<ShallowRef<T | null>>
  error: Readonly<ShallowRef<unknown>>
  isLoading: Readonly<ShallowRef<boolean>>
  /** Read again without forgetting what is shown. */
  refresh: () => Promise<void>
}

/**
 * Reads whenever the key changes; a key of null reads nothing. What was read before is dropped at once, unless `keeps`
 * says that both keys mean the same subject: a drawer never shows one place under the name of another.
 */
export function useResource<K extends string | object, T>(
  key: () => K | null,
  read: (key: K, signal: AbortSignal) => Promise<T>,
  keeps: (next: K, previous: K) => boolean = () => false,
): Resource<T> {
  const value = shallowRef<T | null>(null)
  const error = shallowRef<unknown>(null)
  const isLoading = shallowRef(false)
  let controller = new AbortController()
  let current: K | null = null

  async function load(): Promise<void> {
    controller.abort()
    controller = new AbortController()
    const { signal } = controller
    if (current === null) return
    isLoading.value = true
    try {
      const answer = await read(current, signal)
      if (signal.aborted) return
      value.value = answer
      error.value = null
    } catch (reason) {
      if (signal.aborted || isAbort(reason)) return
      error.value = reason
    }
    isLoading.value = false
  }

  // Keys are compared by what they say: an equal key in a new object is no reason to read again.
  watch(
    () => JSON.stringify(key()),
    (text) => {
      const previous = current
      const next = JSON.parse(text) as K | null
      current = next
      if (next === null || previous === null || !keeps(next, previous)) {
        value.value = null
        error.value = null
        isLoading.value = false
      }
      void load()
    },
    { immediate: true },
  )
  onScopeDispose(() => controller.abort())
  return { value, error, isLoading, refresh: load }
}
