/** What a tile is made of, given what the reader wants to see. */
import { filterQuery, type Filter } from '../api/filter.ts'
import type { Counts, Grade } from '../api/wire.ts'
import type { Basemap } from './basemap.ts'
import type { Letters } from './ink.ts'
import type { LayersShown } from './legend.ts'
import { FIRST_ENTERPRISE_ZOOM, sceneAt } from './style.ts'
import type { LayerName } from './tile-decode.ts'

export interface TileWishes {
  filter: Filter
  layers: LayersShown
  letters: Letters
  /** Written under the cells of demonstration data, else null. */
  watermark: string | null
  /** The picture under everything, else null. */
  basemap: Basemap | null
  /** Counts of the districts, for the named mode that fills them by their worst point. */
  districts: ReadonlyMap<string, { grade: Grade | null; counts: Counts }>
}

/** A layer and the query it is asked for with. */
export type Source = readonly [LayerName, string]

/** Layers and queries a tile of this zoom is made of. */
export function sourcesAt(zoom: number, wishes: TileWishes): Source[] {
  const scene = sceneAt(zoom)
  const { filter, layers } = wishes
  const sources: Source[] = [['territories', '']]
  if (layers.cells && scene.cellLevel !== null) sources.push(['cells', filterQuery(filter)])
  if (layers.points && scene.points === 'all') sources.push(['risk_points', filterQuery(filter)])
  if (layers.points && scene.points === 'major' && filter.grades.includes('major')) {
    sources.push(['risk_points', filterQuery({ ...filter, grades: ['major'] })])
  }
  if (layers.enterprises && zoom >= FIRST_ENTERPRISE_ZOOM) sources.push(['enterprises', filterQuery(filter)])
  return sources
}
