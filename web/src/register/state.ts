/** A form: opened, edited, kept against accidents, sent once, and met with another's version. */
import { computed, onBeforeUnmount, onMounted, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'
import { Refused } from '../api/client.ts'
import type { FieldProblem, Written } from '../api/wire.ts'
import { useSession } from '../parts/session.ts'
import { forget, keep, kept } from './kept.ts'
import { isSame } from './same.ts'

/** What a form needs to know of its subject. */
export interface Subject<Draft, Fields, Key extends string> {
  /** null: a new one. */
  id: string | null
  /** What its unsent draft is kept under. */
  name: string
  begin: () => Promise<Draft>
  read: (id: string) => Promise<Fields>
  draftOf: (fields: Fields) => Draft
  create: (draft: Draft, key: string) => Promise<Written>
  change: (fields: Fields, base: Draft, draft: Draft, key: string) => Promise<unknown>
  /** My draft with theirs taken over wherever mine is not to stay. */
  merge: (mine: Draft, theirs: Draft, mineStays: ReadonlySet<Key>) => Draft
  /** Asked before unsaved changes are left. */
  question: () => string
}

interface Standing {
  id: number
  changed_by: string
}

export interface Form<Draft, Fields, Key extends string> {
  draft: Ref<Draft | null>
  base: Readonly<ShallowRef<Draft | null>>
  fields: Readonly<ShallowRef<Fields | null>>
  /** What somebody else has made of it in the meantime, and who. */
  theirs: Readonly<ShallowRef<Fields | null>>
  theirDraft: ComputedRef<Draft | null>
  who: Readonly<ShallowRef<string>>
  problems: Readonly<ShallowRef<readonly FieldProblem[]>>
  error: Readonly<ShallowRef<unknown>>
  isBusy: Readonly<ShallowRef<boolean>>
  isChanged: ComputedRef<boolean>
  /** An earlier draft was found and is shown. */
  isRestored: Readonly<ShallowRef<boolean>>
  /** What is not sent yet outlives the page. */
  isKept: Readonly<ShallowRef<boolean>>
  open: () => Promise<void>
  save: () => Promise<number | null>
  settle: (mineStays: ReadonlySet<Key>) => void
  startAgain: () => void
  /** Nothing of the draft is wanted any more: the page may be left without a question. */
  abandon: () => void
}

/** crypto.randomUUID needs https, which an office's own server may not have. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

export function useForm<Draft, Fields extends Standing, Key extends string>(
  subject: Subject<Draft, Fields, Key>,
): Form<Draft, Fields, Key> {
  const draft = ref<Draft | null>(null) as Ref<Draft | null>
  const base = shallowRef(null) as ShallowRef<Draft | null>
  const fields = shallowRef(null) as ShallowRef<Fields | null>
  const theirs = shallowRef(null) as ShallowRef<Fields | null>
  const who = shallowRef('')
  const problems = shallowRef<readonly FieldProblem[]>([])
  const error = shallowRef<unknown>(null)
  const isBusy = shallowRef(false)
  const isRestored = shallowRef(false)
  const isKept = shallowRef(true)
  let key = newKey()
  /** A shared machine keeps everybody's own; whoever signs in again finds theirs. */
  const name = `${useSession().value.value?.viewer.login ?? ''}/${subject.name}`

  const isChanged = computed(() => draft.value !== null && !isSame(draft.value, base.value))

  function restore(): boolean {
    const found = kept<Draft, Fields>(name)
    if (found === null) return false
    fields.value = found.fields
    base.value = found.base
    draft.value = found.draft
    key = found.key
    isRestored.value = true
    return true
  }

  async function open(): Promise<void> {
    error.value = null
    if (restore()) return
    try {
      if (subject.id === null) base.value = await subject.begin()
      else {
        fields.value = await subject.read(subject.id)
        base.value = subject.draftOf(fields.value)
      }
      draft.value = copy(base.value)
    } catch (reason) {
      error.value = reason
    }
  }

  function meet(standing: Fields, by: unknown): void {
    theirs.value = standing
    who.value = typeof by === 'string' ? by : standing.changed_by
  }

  async function take(refusal: Refused): Promise<void> {
    const { details } = refusal
    if (refusal.kind === 'stale_version') meet(details.current as Fields, details.changed_by)
    else if (Array.isArray(details.problems)) problems.value = details.problems as FieldProblem[]
    // The answer to an earlier sending was lost and the form edited since: what was written then is the other version.
    else if (typeof details.id === 'number') meet(await subject.read(String(details.id)), null)
    else error.value = refusal
  }

  async function save(): Promise<number | null> {
    if (isBusy.value || !draft.value || !base.value) return null
    isBusy.value = true
    error.value = null
    problems.value = []
    try {
      const number = await send(draft.value, base.value)
      forget(name)
      base.value = copy(draft.value)
      return number
    } catch (reason) {
      if (reason instanceof Refused) await take(reason).catch((failure: unknown) => (error.value = failure))
      else error.value = reason
      return null
    } finally {
      isBusy.value = false
    }
  }

  async function send(edited: Draft, opened: Draft): Promise<number> {
    if (fields.value === null) return (await subject.create(edited, key)).id
    await subject.change(fields.value, opened, edited, key)
    return fields.value.id
  }

  function settle(mineStays: ReadonlySet<Key>): void {
    if (!theirs.value || !draft.value) return
    const standing = subject.draftOf(theirs.value)
    fields.value = theirs.value
    base.value = standing
    draft.value = copy(subject.merge(draft.value, standing, mineStays))
    key = newKey()
    theirs.value = null
  }

  watch(
    draft,
    () => {
      if (!isChanged.value) forget(name)
      else isKept.value = keep(name, { draft: draft.value, base: base.value, fields: fields.value, key })
    },
    { deep: true },
  )
  function warn(event: BeforeUnloadEvent): void {
    if (isChanged.value) event.preventDefault()
  }
  onMounted(() => window.addEventListener('beforeunload', warn))
  onBeforeUnmount(() => window.removeEventListener('beforeunload', warn))
  onBeforeRouteLeave((to) => {
    // Whose session ended has to sign in, and finds the draft as it was.
    if (!isChanged.value || (to.name === 'sign-in' && isKept.value)) return true
    const isLeft = window.confirm(subject.question())
    if (isLeft) forget(name)
    return isLeft
  })

  return {
    draft, base, fields, theirs, who, problems, error, isBusy, isChanged, isRestored, isKept, open, save, settle,
    theirDraft: computed(() => (theirs.value ? subject.draftOf(theirs.value) : null)),
    abandon: () => {
      forget(name)
      draft.value = copy(base.value)
    },
    startAgain: () => {
      forget(name)
      key = newKey()
      isRestored.value = false
      draft.value = null
      void open()
    },
  } // prettier-ignore
}
