/** Column mapping as plain decisions: which field a column gives, and what is still missing. */
import type { Import, ImportField } from '../api/wire.ts'

/** Every field with its column or null, after one column was given another field; a field has one column. */
export function assign(current: Import, column: number, field: string | null): Record<string, number | null> {
  const mapping: Record<string, number | null> = {}
  for (const each of current.fields) mapping[each.key] = null
  for (const each of current.columns) {
    if (each.field && each.index !== column && each.field !== field) mapping[each.field] = each.index
  }
  if (field) mapping[field] = column
  return mapping
}

/** Required fields that no column gives. */
export function missingFields(current: Import): ImportField[] {
  const given = new Set(current.columns.map((column) => column.field))
  return current.fields.filter((field) => field.required && !given.has(field.key))
}

/** How far the reader has come: what must be answered before anything can be shown or written. */
export type Step = 'file' | 'work' | 'kind' | 'datum' | 'mapping' | 'preview'

/** Whether the service is still at work on it. */
export function isWorkedOn(current: Import | null): boolean {
  return current?.state === 'checking' || current?.state === 'writing'
}

/** The share of the work that is done, from 0 to 1; null while nobody knows how many rows there are. */
export function shareDone(current: Import | null): number | null {
  const progress = current?.progress
  if (!current || !progress?.rows) return null
  if (current.state === 'checking') return (progress.read + progress.checked) / (2 * progress.rows)
  return (progress.read + progress.checked + 2 * progress.written) / (4 * progress.rows)
}

export function stepOf(current: Import | null): Step {
  switch (current?.state) {
    case undefined:
      return 'file'
    case 'checking':
    case 'writing':
      return 'work'
    case 'needs_kind':
      return 'kind'
    case 'needs_datum':
      return 'datum'
    case 'needs_mapping':
      return 'mapping'
    default:
      return 'preview'
  }
}
