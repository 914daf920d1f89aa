/** One enterprise with its sites and what its risk points say. */
import { requestJson } from './client.ts'
import { filterQuery, type Filter } from './filter.ts'
import type { Enterprise, SiteContacts } from './wire.ts'

export function readEnterprise(id: string, filter: Filter, signal?: AbortSignal): Promise<Enterprise> {
  return requestJson(`/api/enterprises/${encodeURIComponent(id)}?${filterQuery(filter)}`, { signal: signal ?? null })
}

/** Names and telephones whole; the service records who looked. */
export async function readContacts(id: string): Promise<SiteContacts[]> {
  return (await requestJson<{ sites: SiteContacts[] }>(`/api/enterprises/${encodeURIComponent(id)}/contacts`)).sites
}
