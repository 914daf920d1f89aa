/** One import from file to commit; every correction is checked again by the service. */
import { computed, onMounted, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { Refused } from '../api/client.ts'
import { commitImport, correctImport, discardImport, readImport, uploadWorkbook } from '../api/imports.ts'
import type { Correction, Import } from '../api/wire.ts'
import { stepOf, type Step } from './mapping.ts'

export type Busy = 'uploading' | 'checking' | 'writing' | null

export interface ImportPage {
  current: Readonly<ShallowRef<Import | null>>
  busy: Readonly<ShallowRef<Busy>>
  error: Readonly<ShallowRef<unknown>>
  /** The preview changed under the reader: what they saw is no longer what would be written. */
  isStale: Readonly<ShallowRef<boolean>>
  isDiscarded: Readonly<ShallowRef<boolean>>
  step: ComputedRef<Step>
  upload: (file: File) => Promise<void>
  correct: (correction: Correction) => Promise<void>
  commit: () => Promise<void>
  discard: () => Promise<void>
  restart: () => Promise<void>
}

export function useImportPage(): ImportPage {
  const route = useRoute()
  const router = useRouter()
  const current = shallowRef<Import | null>(null)
  const busy = shallowRef<Busy>(null)
  const error = shallowRef<unknown>(null)
  const isStale = shallowRef(false)
  const isDiscarded = shallowRef(false)

  /** Do one thing at a time; what went wrong is shown, never swallowed. */
  async function during(what: Exclude<Busy, null>, act: () => Promise<void>): Promise<void> {
    if (busy.value) return
    busy.value = what
    error.value = null
    try {
      await act()
    } catch (reason) {
      error.value = reason
    } finally {
      busy.value = null
    }
  }

  async function commit(): Promise<void> {
    const { id, preview } = current.value ?? {}
    if (!id || !preview) return
    await during('writing', async () => {
      try {
        current.value = await commitImport(id, preview.digest)
        isStale.value = false
      } catch (reason) {
        if (!(reason instanceof Refused && reason.kind === 'stale_preview')) throw reason
        current.value = await readImport(id)
        isStale.value = true
      }
    })
  }

  onMounted(() => {
    const { id } = route.query
    if (typeof id !== 'string') return
    void during('checking', async () => {
      current.value = await readImport(id)
      isDiscarded.value = current.value.state === 'cancelled'
    })
  })

  return {
    current,
    busy,
    error,
    isStale,
    isDiscarded,
    step: computed(() => stepOf(current.value)),
    upload: (file) =>
      during('uploading', async () => {
        current.value = await uploadWorkbook(file)
        isStale.value = false
        isDiscarded.value = false
        // The address remembers the upload, so that a reload loses nothing.
        await router.replace({ query: { id: current.value.id } })
      }),
    correct: (correction) =>
      during('checking', async () => {
        if (!current.value) return
        current.value = await correctImport(current.value.id, correction)
        isStale.value = false
      }),
    commit,
    discard: () =>
      during('writing', async () => {
        if (!current.value) return
        await discardImport(current.value.id)
        isDiscarded.value = true
        await router.replace({ query: {} })
      }),
    restart: async () => {
      current.value = null
      error.value = null
      isStale.value = false
      isDiscarded.value = false
      await router.replace({ query: {} })
    },
  }
}
