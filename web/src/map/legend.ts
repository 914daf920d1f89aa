/** What the legend must explain at a zoom: exactly what is drawn there, nothing else. */
import type { Grade } from '../api/wire.ts'
import type { Filter } from '../api/filter.ts'
import { GRADES } from '../api/grades.ts'
import { cellsAreSmall, FIRST_ENTERPRISE_ZOOM, sceneAt } from './style.ts'

export type LegendMark = 'grade' | 'corner' | 'crossing' | 'major-point' | 'point' | 'inherited' | 'enterprise' | 'zone'
export type LegendNote = 'worst-in-cell' | 'small-marks' | 'count' | 'district-counts' | 'district-worst'

export interface LegendEntry {
  mark: LegendMark
  grade: Grade | null
}

export interface Legend {
  entries: LegendEntry[]
  notes: LegendNote[]
}

export interface LayersShown {
  territories: boolean
  cells: boolean
  points: boolean
  /** Sites of enterprises by the worst of their points; off unless asked for. */
  enterprises: boolean
  /** Districts filled by their worst point: a named mode, off by default. */
  worstFill: boolean
  /** The picture under the map, where the deployment names one. */
  basemap: boolean
}

export function legendAt(zoom: number, filter: Filter, layers: LayersShown): Legend {
  const { grades } = filter
  const scene = sceneAt(zoom)
  const cells = layers.cells && scene.cellLevel !== null
  const entries: LegendEntry[] = []
  const notes: LegendNote[] = []
  for (const grade of GRADES) {
    if (!grades.includes(grade)) continue
    entries.push({ mark: 'grade', grade })
  }
  if (cells) {
    if (scene.cellMode === 'solid' && grades.includes('unassessed') && grades.length > 1) {
      entries.push({ mark: 'corner', grade: null })
    }
    entries.push({ mark: 'crossing', grade: null })
    notes.push('worst-in-cell')
    if (cellsAreSmall(zoom)) notes.push('small-marks')
    if (scene.cellMode === 'frame') notes.push('count')
  }
  if (layers.points && scene.points === 'major' && grades.includes('major')) {
    entries.push({ mark: 'major-point', grade: 'major' })
  }
  if (layers.points && scene.points === 'all') {
    entries.push({ mark: 'point', grade: null }, { mark: 'inherited', grade: null })
  }
  if (layers.enterprises && zoom >= FIRST_ENTERPRISE_ZOOM) entries.push({ mark: 'enterprise', grade: null })
  if (layers.territories && filter.view === 'managed') entries.push({ mark: 'zone', grade: null })
  if (layers.territories && layers.worstFill && scene.cellLevel === null) notes.push('district-worst')
  else if (layers.territories && scene.districtCounts && !cells) notes.push('district-counts')
  return { entries, notes }
}
