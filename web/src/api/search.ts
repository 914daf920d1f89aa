/** One box that finds: enterprises, risk points, territories, grid cells, positions. */
import { requestJson } from './client.ts'
import type { Found, FoundList, OwnerName } from './wire.ts'

export const DATUMS = ['CGCS2000', 'WGS84', 'GCJ02', 'BD09'] as const
export type Datum = (typeof DATUMS)[number]

/** The service reads no longer text. */
export const LONGEST_WORDS = 100

export async function search(words: string, datum: Datum, signal: AbortSignal): Promise<Found[]> {
  const path = `/api/search?q=${encodeURIComponent(words.slice(0, LONGEST_WORDS))}&datum=${datum}`
  return (await requestJson<FoundList>(path, { signal })).items
}

/** Enterprises that a form may mean. */
export async function findOwners(words: string, signal: AbortSignal): Promise<OwnerName[]> {
  const path = `/api/search/enterprises?q=${encodeURIComponent(words.slice(0, LONGEST_WORDS))}`
  const { items } = await requestJson<FoundList>(path, { signal })
  return items.map(({ id, title, code }) => ({ id: id ?? 0, name: title, uscc: code ?? null }))
}
