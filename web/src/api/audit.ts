/** The door of the audit: who did what, the latest first. */
import { requestJson } from './client.ts'
import type { AuditPage } from './wire.ts'

export interface AuditFilter {
  person: string
  action: string
  subject: string
  /** Days, `2026-11-22`, of local time; both are included. */
  since: string
  until: string
}

function startOf(day: string, later = 0): string | null {
  const [year, month, date] = day.split('-').map(Number)
  if (!year || !month || !date) return null
  return new Date(year, month - 1, date + later).toISOString()
}

export function readAudit(filter: AuditFilter, cursor: string | null, signal?: AbortSignal): Promise<AuditPage> {
  const asked = {
    person: filter.person.trim(),
    action: filter.action,
    subject: filter.subject,
    since: startOf(filter.since),
    until: startOf(filter.until, 1),
    cursor,
  }
  const given = Object.entries(asked).filter((part): part is [string, string] => Boolean(part[1]))
  return requestJson(`/api/audit?${new URLSearchParams(given).toString()}`, { signal: signal ?? null })
}
