/** One enterprise with its sites and what its risk points say. */
import { requestJson } from './client.ts'
import { filterQuery, type Filter } from './filter.ts'
import type { Enterprise } from './wire.ts'

export function readEnterprise(id: string, filter: Filter, signal?: AbortSignal): Promise<Enterprise> {
  return requestJson(`/api/enterprises/${encodeURIComponent(id)}?${filterQuery(filter)}`, { signal: signal ?? null })
}
