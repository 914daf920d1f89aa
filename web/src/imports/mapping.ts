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
export type Step = 'file' | 'kind' | 'datum' | 'mapping' | 'preview'

export function stepOf(current: Import | null): Step {
  switch (current?.state) {
    case undefined:
      return 'file'
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
