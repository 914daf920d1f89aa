/** One import from file to commit; every correction is checked again by the service. */
import { computed, onMounted, onUnmounted, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { failureOf, Refused } from '../api/client.ts'
import { commitImport, correctImport, discardImport, readImport, uploadWorkbook } from '../api/imports.ts'
import type { Correction, Import } from '../api/wire.ts'
import { isWorkedOn, stepOf, type Step } from './mapping.ts'

export type Busy = 'uploading' | 'checking' | 'writing' | 'cancelling' | null

/** How often a page asks after work that goes on in the service; the service writes it down as often. */
const ASK_AGAIN_MS = 500

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
  /** Stop the work that goes on; nothing of it stays. */
  stop: () => Promise<void>
}

export function useImportPage(): ImportPage {
  const route = useRoute()
  const router = useRouter()
  const current = shallowRef<Import | null>(null)
  const busy = shallowRef<Busy>(null)
  const error = shallowRef<unknown>(null)
  const isStale = shallowRef(false)
  const isDiscarded = shallowRef(false)

  /** Ask until the service has done its work; whoever leaves or stops it meanwhile is not called back. */
  async function follow(upload: Import): Promise<Import> {
    let seen = upload
    current.value = seen
    while (isWorkedOn(seen)) {
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
      if (isGone || current.value?.id !== upload.id || isDiscarded.value) return seen
      seen = await readImport(upload.id)
      current.value = seen
    }
    isStale.value = seen.stale
    isDiscarded.value = seen.state === 'cancelled' && !seen.failure
    if (seen.failure) error.value = failureOf(seen.failure)
    return seen
  }

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
        isStale.value = false
        await follow(await commitImport(id, preview.digest))
      } catch (reason) {
        if (!(reason instanceof Refused && reason.kind === 'stale_preview')) throw reason
        current.value = await readImport(id)
        isStale.value = true
      }
    })
  }

  let isGone = false
  onUnmounted(() => {
    isGone = true
  })
  onMounted(() => {
    const { id } = route.query
    if (typeof id !== 'string') return
    void during('checking', async () => {
      const found = await readImport(id)
      isDiscarded.value = found.state === 'cancelled' && !found.failure
      await follow(found)
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
        const kept = await uploadWorkbook(file)
        isStale.value = false
        isDiscarded.value = false
        // The address remembers the upload, so that a reload loses nothing.
        await router.replace({ query: { id: kept.id } })
        await follow(kept)
      }),
    correct: (correction) =>
      during('checking', async () => {
        if (!current.value) return
        isStale.value = false
        await follow(await correctImport(current.value.id, correction))
      }),
    commit,
    discard: () =>
      during('writing', async () => {
        if (!current.value) return
        await discardImport(current.value.id)
        isDiscarded.value = true
        await router.replace({ query: {} })
      }),
    stop: async () => {
      const id = current.value?.id
      if (!id) return
      isDiscarded.value = true
      try {
        await discardImport(id)
        await router.replace({ query: {} })
      } catch (reason) {
        isDiscarded.value = false
        error.value = reason
        current.value = await readImport(id)
      }
    },
    restart: async () => {
      current.value = null
      error.value = null
      isStale.value = false
      isDiscarded.value = false
      await router.replace({ query: {} })
    },
  }
}
