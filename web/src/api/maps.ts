/** The doors of maps on paper and in files. They take the address of the page as it is: the filter's words are the same. */
import { requestJson } from './client.ts'
import type { components } from './types.gen.ts'

export type Imprint = components['schemas']['Imprint']

type Query = Record<string, string | null | undefined | (string | null)[]>

/** What an address says of the window, not of the points: no door is asked for it. */
const OF_THE_WINDOW = ['at', 'off', 'fill', 'show', 'paper', 'turn', 'scale', 'plain', 'title']

/** The filter in an address, without what is only the window's and without the names given. */
export function filterOf(query: Query, without: Iterable<string> = []): string {
  const left = new Set([...OF_THE_WINDOW, ...without])
  const asked = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    const single = Array.isArray(value) ? value[0] : value
    if (single && !left.has(name)) asked.set(name, single)
  }
  return asked.toString()
}

export function readImprint(filter: string, signal?: AbortSignal): Promise<Imprint> {
  return requestJson(`/api/maps/imprint?${filter}`, { signal: signal ?? null })
}

/** Where the map of a filter is fetched as one file. */
export function mapFileAddress(filter: string, language: string): string {
  return `/api/maps.html?${filter}${filter && '&'}language=${language}`
}
