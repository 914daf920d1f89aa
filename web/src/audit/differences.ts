/** What a record of the audit changed, row by row and field by field. */
import type { AuditRecord } from '../api/wire.ts'

type Row = Record<string, unknown>

export interface RowChange {
  /** The number of the row, null where it has none. */
  id: number | null
  hasBefore: boolean
  fields: { field: string; before: string; after: string }[]
}

/** What a row is known by, in the order of their worth. */
function idOf(row: Row): number | null {
  const id = row.id ?? row.person_id
  return typeof id === 'number' ? id : null
}

export function shown(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function changeOf(before: Row | null, after: Row | null): RowChange {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  const fields = names
    .map((field) => ({ field, before: shown(before?.[field]), after: shown(after?.[field]) }))
    .filter((one) => (before && after ? one.before !== one.after : one.before + one.after !== ''))
  return { id: idOf(after ?? before ?? {}), hasBefore: before !== null, fields }
}

/** Rows are paired by what they are known by: the database gives them in any order. */
export function rowChanges({ before, after }: Pick<AuditRecord, 'before' | 'after'>): RowChange[] {
  const gone = new Map((before ?? []).map((row, i) => [idOf(row) ?? `#${i}`, row]))
  const changes = (after ?? []).map((row, i) => {
    const key = idOf(row) ?? `#${i}`
    const was = gone.get(key) ?? null
    gone.delete(key)
    return changeOf(was, row)
  })
  return [...changes, ...[...gone.values()].map((row) => changeOf(row, null))]
}
