/** The page as an address: what is seen, filtered and chosen, so that a view can be sent and gone back to. */
import { BASES, GRADES, NO_FILTER, VIEWS, isAllGrades, isGrade, type Filter } from '../api/grades.ts'
import type { LonLat } from '../api/wire.ts'
import type { LayersShown } from '../map/legend.ts'

export type Selection =
  | { kind: 'territory'; key: string }
  | { kind: 'cell'; code: string }
  | { kind: 'point'; id: string }
  | { kind: 'stack'; ids: string[] }

export interface UrlState {
  view: { centre: LonLat; zoom: number } | null
  filter: Filter
  layers: LayersShown
  selection: Selection | null
}

export type Query = Record<string, string | null | undefined | (string | null)[]>

export const ALL_LAYERS: LayersShown = { territories: true, cells: true, points: true, worstFill: false, basemap: true }
const LAYER_NAMES = ['territories', 'cells', 'points', 'basemap'] as const
/** Zooms the map can show. */
const ZOOMS = [5, 18] as const
/** More points than this on one spot are reached through their cell. */
const LONGEST_STACK = 60

function text(query: Query, name: string): string | null {
  const value = query[name]
  const single = Array.isArray(value) ? value[0] : value
  return single || null
}

function oneOf<T extends string>(value: string | null, allowed: readonly T[], otherwise: T): T {
  return allowed.includes(value as T) ? (value as T) : otherwise
}

function parseView(value: string | null): UrlState['view'] {
  const [lat, lon, zoom] = (value ?? '').split(',').map(Number)
  if (lat === undefined || lon === undefined || zoom === undefined) return null
  if (![lat, lon, zoom].every(Number.isFinite) || Math.abs(lat) > 85 || Math.abs(lon) > 180) return null
  if (!Number.isInteger(zoom) || zoom < ZOOMS[0] || zoom > ZOOMS[1]) return null
  return { centre: [lon, lat], zoom }
}

function parseSelection(value: string | null): Selection | null {
  const [kind, rest = ''] = (value ?? '').split(/:(.*)/s)
  if (!rest) return null
  if (kind === 'territory') return { kind, key: rest }
  if (kind === 'cell') return { kind, code: rest }
  if (kind === 'point') return { kind, id: rest }
  if (kind === 'stack') return { kind, ids: rest.split(',').slice(0, LONGEST_STACK) }
  return null
}

export function parseState(query: Query): UrlState {
  const grades = (text(query, 'grade') ?? '').split(',').filter(isGrade)
  const off = (text(query, 'off') ?? '').split(',')
  return {
    view: parseView(text(query, 'at')),
    filter: {
      basis: oneOf(text(query, 'basis'), BASES, NO_FILTER.basis),
      view: oneOf(text(query, 'view'), VIEWS, NO_FILTER.view),
      grades: grades.length > 0 ? GRADES.filter((grade) => grades.includes(grade)) : GRADES,
    },
    layers: {
      territories: !off.includes('territories'),
      cells: !off.includes('cells'),
      points: !off.includes('points'),
      basemap: !off.includes('basemap'),
      worstFill: text(query, 'fill') === 'worst',
    },
    selection: parseSelection(text(query, 'show')),
  }
}

export function selectionText(selection: Selection): string {
  switch (selection.kind) {
    case 'territory':
      return `territory:${selection.key}`
    case 'cell':
      return `cell:${selection.code}`
    case 'point':
      return `point:${selection.id}`
    case 'stack':
      return `stack:${selection.ids.slice(0, LONGEST_STACK).join(',')}`
  }
}

/** Latitude, longitude, zoom; six decimals are a tenth of a pixel at the deepest zoom. */
export function viewText({ centre, zoom }: { centre: LonLat; zoom: number }): string {
  return `${centre[1].toFixed(6)},${centre[0].toFixed(6)},${zoom}`
}

/** The shortest query that parses back to this state: what is usual is left out. */
export function formatState(state: UrlState): Record<string, string> {
  const query: Record<string, string> = {}
  const { view, filter, layers, selection } = state
  if (view) query.at = viewText(view)
  if (filter.basis !== NO_FILTER.basis) query.basis = filter.basis
  if (filter.view !== NO_FILTER.view) query.view = filter.view
  if (!isAllGrades(filter.grades)) query.grade = filter.grades.join(',')
  const off = LAYER_NAMES.filter((name) => !layers[name])
  if (off.length > 0) query.off = off.join(',')
  if (layers.worstFill) query.fill = 'worst'
  if (selection) query.show = selectionText(selection)
  return query
}

export function isSameSelection(one: Selection | null, other: Selection | null): boolean {
  if (one === null || other === null) return one === other
  return selectionText(one) === selectionText(other)
}
