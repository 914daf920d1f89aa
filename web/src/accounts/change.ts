/** Doing something to a list: one thing at a time, the list read again, and the reason where it was refused. */
import { ref, type ComputedRef, type Ref } from 'vue'
import { useRefusal } from './refusal.ts'

export interface Change {
  isBusy: Ref<boolean>
  words: ComputedRef<string>
  change: (work: () => Promise<unknown>) => Promise<void>
}

export function useChange(refresh: () => Promise<unknown> | void): Change {
  const isBusy = ref(false)
  const { words, note } = useRefusal()
  async function change(work: () => Promise<unknown>): Promise<void> {
    if (isBusy.value) return
    isBusy.value = true
    note(null)
    try {
      await work()
      await refresh()
    } catch (error) {
      note(error)
    } finally {
      isBusy.value = false
    }
  }
  return { isBusy, words, change }
}
