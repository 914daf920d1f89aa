/** Forms that are not sent yet, kept in the browser: a tablet without power or signal brings them back. */

export interface Kept<Draft, Fields> {
  draft: Draft
  base: Draft
  fields: Fields | null
  key: string
}

/** Counted up when drafts change their shape: one of another release must not be read as if it were of this one. */
const SHAPE = 1

function placeOf(name: string): string {
  return `riskmap.draft.${SHAPE}:${name}`
}

/** Whether it could be kept: a browser may refuse, or be full. */
export function keep(name: string, kept: Kept<unknown, unknown>): boolean {
  try {
    localStorage.setItem(placeOf(name), JSON.stringify(kept))
    return true
  } catch {
    return false
  }
}

export function kept<Draft, Fields>(name: string): Kept<Draft, Fields> | null {
  const text = localStorage.getItem(placeOf(name))
  return text === null ? null : (JSON.parse(text) as Kept<Draft, Fields>)
}

export function forget(name: string): void {
  localStorage.removeItem(placeOf(name))
}
