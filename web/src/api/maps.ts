/** The doors of maps on paper and in files; they take the filter's query as every door does. */
import { requestJson } from './client.ts'
import type { components } from './types.gen.ts'

export type Imprint = components['schemas']['Imprint']

export function readImprint(filter: string, signal?: AbortSignal): Promise<Imprint> {
  return requestJson(`/api/maps/imprint?${filter}`, { signal: signal ?? null })
}

/** Where the map of a filter is fetched as one file. */
export function mapFileAddress(filter: string, language: string): string {
  return `/api/maps.html?${filter}${filter && '&'}language=${language}`
}
