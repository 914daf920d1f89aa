/** A risk point as the subject of a form. */
import { changePoint, createPoint, readPointForm } from '../api/register.ts'
import type { PointFields } from '../api/wire.ts'
import { changeBody, createBody, draftOf, emptyDraft, merged, type Compared, type PointDraft } from './form.ts'
import type { Subject } from './state.ts'

function today(): string {
  const now = new Date()
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
}

/** id null: a new point. begin: what a new one begins with. question: asked before unsaved changes are left. */
export function pointSubject(
  id: string | null,
  begin: (draft: PointDraft) => Promise<PointDraft>,
  question: () => string,
): Subject<PointDraft, PointFields, Compared> {
  return {
    id,
    name: `point.${id ?? 'new'}`,
    begin: () => begin(emptyDraft(today())),
    read: readPointForm,
    draftOf: (fields) => draftOf(fields, today()),
    create: (draft, key) => createPoint(createBody(draft), key),
    change: async ({ id: number, version }, base, draft, key) => {
      const body = changeBody(base, draft)
      if (body) await changePoint(number, body, version, key)
    },
    merge: merged,
    question,
  }
}
