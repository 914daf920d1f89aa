/** A long list read page by page as the reader gets there; nothing of it is lost when a page fails. */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import { isAbort } from '../api/client.ts'

export interface Page<Row> {
  items: Row[]
  /** Cursor of the following page, null at the end. */
  next: string | null
  /** How many there are in all, where the service counted them. */
  total?: number | null
}

export interface Keyset<Row> {
  rows: Readonly<ShallowRef<readonly Row[]>>
  total: Readonly<ShallowRef<number | null>>
  error: Readonly<ShallowRef<unknown>>
  isLoading: Readonly<ShallowRef<boolean>>
  hasMore: () => boolean
  readMore: () => Promise<void>
  /** Read the first page again without forgetting what is shown until it is there. */
  refresh: () => Promise<void>
}

/** Begins anew whenever the key changes; a key of null reads nothing. */
export function useKeyset<K extends string | object, Row>(
  key: () => K | null,
  read: (key: K, cursor: string | null, signal: AbortSignal) => Promise<Page<Row>>,
): Keyset<Row> {
  const rows = shallowRef<readonly Row[]>([])
  const total = shallowRef<number | null>(null)
  const error = shallowRef<unknown>(null)
  const isLoading = shallowRef(false)
  let controller = new AbortController()
  let current: K | null = null
  let next: string | null = null

  async function load(cursor: string | null): Promise<void> {
    controller.abort()
    controller = new AbortController()
    const { signal } = controller
    if (current === null) return
    isLoading.value = true
    try {
      const page = await read(current, cursor, signal)
      if (signal.aborted) return
      rows.value = cursor === null ? page.items : [...rows.value, ...page.items]
      if (page.total !== undefined && page.total !== null) total.value = page.total
      next = page.next
      error.value = null
    } catch (reason) {
      if (signal.aborted || isAbort(reason)) return
      error.value = reason
    }
    isLoading.value = false
  }

  watch(
    () => JSON.stringify(key()),
    (text) => {
      current = JSON.parse(text) as K | null
      rows.value = []
      total.value = null
      error.value = null
      next = null
      isLoading.value = false
      void load(null)
    },
    { immediate: true },
  )
  onScopeDispose(() => controller.abort())
  return {
    rows,
    total,
    error,
    isLoading,
    hasMore: () => next !== null,
    readMore: async () => {
      if (next !== null && !isLoading.value) await load(next)
      else if (rows.value.length === 0 && error.value !== null) await load(null)
    },
    refresh: () => load(null),
  }
}
