/** Reading doors: session, territory, cell, risk point. */
import { requestJson } from './client.ts'
import { filterQuery, type Filter } from './filter.ts'
import type { CellSummary, RiskPoint, Session, TerritorySummary } from './wire.ts'

export function readSession(signal?: AbortSignal): Promise<Session> {
  return requestJson('/api/session', { signal: signal ?? null })
}

export function readTerritory(key: string, filter: Filter, signal?: AbortSignal): Promise<TerritorySummary> {
  const path = `/api/territories/${encodeURIComponent(key)}/summary?${filterQuery(filter)}`
  return requestJson(path, { signal: signal ?? null })
}

export function readCell(
  code: string,
  filter: Filter,
  options: { cursor?: string; signal?: AbortSignal } = {},
): Promise<CellSummary> {
  const cursor = options.cursor ? `&cursor=${encodeURIComponent(options.cursor)}` : ''
  const path = `/api/cells/${encodeURIComponent(code)}?${filterQuery(filter)}${cursor}`
  return requestJson(path, { signal: options.signal ?? null })
}

export function readRiskPoint(id: string, signal?: AbortSignal): Promise<RiskPoint> {
  return requestJson(`/api/risk-points/${encodeURIComponent(id)}`, { signal: signal ?? null })
}
