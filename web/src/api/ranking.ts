/** Who carries most risk within a territory, by an index of our own. */
import { requestJson } from './client.ts'
import { filterQuery, type Filter } from './filter.ts'
import type { Ranking } from './wire.ts'

/** Rows of a ranking in the drawer; more is a list of the table. */
const MOST_RANKED = 20

export function readRanking(key: string, filter: Filter, of: Ranking['of'], signal: AbortSignal): Promise<Ranking> {
  const path = `/api/territories/${encodeURIComponent(key)}/ranking?${filterQuery(filter)}&of=${of}&limit=${MOST_RANKED}`
  return requestJson(path, { signal })
}
