import columns from './columns.json' with { type: 'json' }
import taken from './exports.json' with { type: 'json' }

/** What may be taken away, as the service records it. */
export const EXPORTS = Object.keys(taken)

/** What the audit records, and of what; the service may write more than the page has words for. */
export const ACTIONS = ['insert', 'update', 'delete', 'sign_in', 'sign_in_failed', 'sign_out', 'export', 'read_contacts'] as const
export const SUBJECTS = [
  'enterprise', 'site', 'site_contact', 'risk_point', 'risk_event', 'measure', 'assessment', 'aggravation',
  'person', 'appointment', 'credential', 'api_key',
] as const // prettier-ignore

/** What people call a column, in Chinese and English; one that has no words goes by its own name. */
export function columnWords(column: string): readonly [string, string] {
  const [zh, en] = (columns as Record<string, string[]>)[column] ?? []
  return [zh ?? column, en ?? column]
}

/** What people call something that was taken away; null for what is no export, or a newer one. */
export function exportWords(subject: string | null): readonly [string, string] | null {
  const [zh, en] = (taken as Record<string, string[]>)[subject ?? ''] ?? []
  return zh === undefined || en === undefined ? null : [zh, en]
}

export type Action = (typeof ACTIONS)[number]
export type Subject = (typeof SUBJECTS)[number]

export function isAction(word: string): word is Action {
  return (ACTIONS as readonly string[]).includes(word)
}

export function isSubject(word: string | null): word is Subject {
  return (SUBJECTS as readonly (string | null)[]).includes(word)
}
