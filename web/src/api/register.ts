/** The doors of forms: what a form is filled with, what it may choose from, and what is written. */
import { request, requestJson, sendJson } from './client.ts'
import type {
  AssessmentIn,
  EnterpriseEdit,
  EnterpriseFields,
  EnterpriseIn,
  GradingMethod,
  GradingPreview,
  HistoryPage,
  ListedCode,
  MethodRow,
  PointChange,
  PointFields,
  PointIn,
  TerritoryNode,
  Written,
} from './wire.ts'

export function readPointForm(id: string, signal?: AbortSignal): Promise<PointFields> {
  return requestJson(`/api/risk-points/${encodeURIComponent(id)}/form`, { signal: signal ?? null })
}

export function createPoint(form: PointIn, key: string): Promise<Written> {
  return sendJson('/api/risk-points', 'POST', form, { 'Idempotency-Key': key })
}

export function changePoint(id: number, form: PointChange, version: number, key: string): Promise<Written> {
  return sendJson(`/api/risk-points/${id}`, 'PATCH', form, { 'If-Match': `"${version}"`, 'Idempotency-Key': key })
}

export function createEnterprise(form: EnterpriseIn, key: string): Promise<Written> {
  return sendJson('/api/enterprises', 'POST', form, { 'Idempotency-Key': key })
}

export function changeEnterprise(id: number, form: EnterpriseEdit, version: number, key: string): Promise<Written> {
  return sendJson(`/api/enterprises/${id}`, 'PATCH', form, { 'If-Match': `"${version}"`, 'Idempotency-Key': key })
}

export async function removePoint(id: number, version: number): Promise<void> {
  await request(`/api/risk-points/${id}`, { method: 'DELETE', headers: { 'If-Match': `"${version}"` } })
}

export async function removeEnterprise(id: number, version: number): Promise<void> {
  await request(`/api/enterprises/${id}`, { method: 'DELETE', headers: { 'If-Match': `"${version}"` } })
}

export function previewGrading(form: AssessmentIn & { exposed_workers?: number | null }, signal: AbortSignal): Promise<GradingPreview> {
  return requestJson('/api/grading/preview', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(form),
    signal,
  })
}

export function readEnterpriseForm(id: string, signal?: AbortSignal): Promise<EnterpriseFields> {
  return requestJson(`/api/enterprises/${encodeURIComponent(id)}/form`, { signal: signal ?? null })
}

export async function readCodes(list: string, signal?: AbortSignal): Promise<{ edition: string; entries: ListedCode[] }> {
  return requestJson(`/api/codes/${list}`, { signal: signal ?? null })
}

export async function readTerritories(signal?: AbortSignal): Promise<TerritoryNode[]> {
  const { territories } = await requestJson<{ territories: TerritoryNode[] }>('/api/territories', { signal: signal ?? null })
  return territories
}

/** The methods to assess with today, whole: those that score, and those whose rules decide by themselves. */
export async function readMethods(signal?: AbortSignal): Promise<GradingMethod[]> {
  const { items } = await requestJson<{ items: MethodRow[] }>('/api/grading/methods', { signal: signal ?? null })
  const present = items.filter((method) => method.in_force && method.id !== 'stated')
  return Promise.all(
    present.map((method) =>
      requestJson<GradingMethod>(`/api/grading/methods/${method.id}/${method.version}`, { signal: signal ?? null }),
    ),
  )
}

export function readHistory(id: string, cursor: string | null, signal?: AbortSignal): Promise<HistoryPage> {
  const query = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`
  return requestJson(`/api/risk-points/${encodeURIComponent(id)}/history${query}`, { signal: signal ?? null })
}
