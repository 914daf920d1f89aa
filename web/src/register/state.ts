/** The form of one risk point: opened, edited, kept against accidents, sent, and met with another's version. */
import { computed, onBeforeUnmount, onMounted, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'
import { Refused } from '../api/client.ts'
import { changePoint, createPoint, readPointForm } from '../api/register.ts'
import type { FieldProblem, PointFields } from '../api/wire.ts'
import { changeBody, createBody, draftOf, emptyDraft, isSame, merged, type Compared, type PointDraft } from './form.ts'

export interface PointForm {
  draft: Ref<PointDraft | null>
  base: Readonly<ShallowRef<PointDraft | null>>
  fields: Readonly<ShallowRef<PointFields | null>>
  /** What somebody else has made of it in the meantime. */
  theirs: Readonly<ShallowRef<PointFields | null>>
  theirDraft: ComputedRef<PointDraft | null>
  problems: Readonly<ShallowRef<readonly FieldProblem[]>>
  error: Readonly<ShallowRef<unknown>>
  isBusy: Readonly<ShallowRef<boolean>>
  isChanged: ComputedRef<boolean>
  /** An earlier draft was found and is shown. */
  isRestored: Readonly<ShallowRef<boolean>>
  open: () => Promise<void>
  save: () => Promise<number | null>
  settle: (kept: ReadonlySet<Compared>) => void
  startAgain: () => void
}

interface Kept {
  draft: PointDraft
  base: PointDraft
  fields: PointFields | null
  key: string
}

function today(): string {
  const now = new Date()
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
}

/** crypto.randomUUID needs https, which an office's own server may not have. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

/** id null: a new point. begin: what a new one begins with. question: asked before unsaved changes are left. */
export function usePointForm(id: string | null, begin: (draft: PointDraft) => Promise<PointDraft>, question: () => string): PointForm {
  const place = `riskmap.draft:${id ?? 'new'}`
  const draft = ref<PointDraft | null>(null)
  const base = shallowRef<PointDraft | null>(null)
  const fields = shallowRef<PointFields | null>(null)
  const theirs = shallowRef<PointFields | null>(null)
  const problems = shallowRef<readonly FieldProblem[]>([])
  const error = shallowRef<unknown>(null)
  const isBusy = shallowRef(false)
  const isRestored = shallowRef(false)
  let key = newKey()

  const isChanged = computed(() => draft.value !== null && !isSame(draft.value, base.value))

  function forget(): void {
    sessionStorage.removeItem(place)
  }

  function restore(): boolean {
    const text = sessionStorage.getItem(place)
    if (text === null) return false
    const kept = JSON.parse(text) as Kept
    fields.value = kept.fields
    base.value = kept.base
    draft.value = kept.draft
    key = kept.key
    isRestored.value = true
    return true
  }

  async function open(): Promise<void> {
    error.value = null
    if (restore()) return
    try {
      if (id === null) base.value = await begin(emptyDraft(today()))
      else {
        fields.value = await readPointForm(id)
        base.value = draftOf(fields.value, today())
      }
      draft.value = copy(base.value)
    } catch (reason) {
      error.value = reason
    }
  }

  function take(refusal: Refused): void {
    if (refusal.kind === 'stale_version') theirs.value = refusal.details.current as PointFields
    else if (Array.isArray(refusal.details.problems)) problems.value = refusal.details.problems as FieldProblem[]
    else error.value = refusal
  }

  async function save(): Promise<number | null> {
    if (isBusy.value || !draft.value || !base.value) return null
    isBusy.value = true
    error.value = null
    problems.value = []
    try {
      const number = await send(draft.value, base.value)
      forget()
      base.value = copy(draft.value)
      return number
    } catch (reason) {
      if (reason instanceof Refused) take(reason)
      else error.value = reason
      return null
    } finally {
      isBusy.value = false
    }
  }

  async function send(edited: PointDraft, opened: PointDraft): Promise<number> {
    if (fields.value === null) return (await createPoint(createBody(edited), key)).id
    const body = changeBody(opened, edited)
    if (body) await changePoint(fields.value.id, body, fields.value.version)
    return fields.value.id
  }

  function settle(kept: ReadonlySet<Compared>): void {
    if (!theirs.value || !draft.value) return
    const standing = draftOf(theirs.value, today())
    fields.value = theirs.value
    base.value = standing
    draft.value = copy(merged(draft.value, standing, kept))
    theirs.value = null
  }

  watch(
    draft,
    () => {
      if (isChanged.value) sessionStorage.setItem(place, JSON.stringify({ draft: draft.value, base: base.value, fields: fields.value, key }))
      else forget()
    },
    { deep: true },
  )
  function warn(event: BeforeUnloadEvent): void {
    if (isChanged.value) event.preventDefault()
  }
  onMounted(() => window.addEventListener('beforeunload', warn))
  onBeforeUnmount(() => window.removeEventListener('beforeunload', warn))
  onBeforeRouteLeave(() => {
    if (!isChanged.value) return true
    const isLeft = window.confirm(question())
    if (isLeft) forget()
    return isLeft
  })

  return {
    draft, base, fields, theirs, problems, error, isBusy, isChanged, isRestored, open, save, settle,
    theirDraft: computed(() => (theirs.value ? draftOf(theirs.value, today()) : null)),
    startAgain: () => {
      forget()
      isRestored.value = false
      draft.value = null
      void open()
    },
  } // prettier-ignore
}
