/** The page as an address: what is seen, filtered and chosen, so that a view can be sent and gone back to. */
import { NO_FILTER, conditionParts, readFilter, type Filter } from '../api/filter.ts'
import type { LonLat } from '../api/wire.ts'
import type { LayersShown } from '../map/legend.ts'

export type Selection =
  | { kind: 'territory'; key: string }
  | { kind: 'cell'; code: string }
  | { kind: 'point'; id: string }
  | { kind: 'enterprise'; id: string }
  | { kind: 'stack'; ids: string[] }

/** What the table from below shows, and in which order; null = folded. */
export const LISTS = ['points', 'enterprises', 'major', 'overdue', 'unlocated', 'unregistered'] as const
export type ListName = (typeof LISTS)[number]
export interface ListState {
  name: ListName
  /** Column and direction, as the service calls them; null = its own order, the worst first. */
  sort: { by: string; isDescending: boolean } | null
}

export interface UrlState {
  view: { centre: LonLat; zoom: number } | null
  filter: Filter
  layers: LayersShown
  selection: Selection | null
  list: ListState | null
}

export type Query = Record<string, string | null | undefined | (string | null)[]>

export const ALL_LAYERS: LayersShown = {
  territories: true,
  cells: true,
  points: true,
  enterprises: false,
  worstFill: false,
  basemap: true,
}
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
  if (kind === 'point' || kind === 'enterprise') return { kind, id: rest }
  if (kind === 'stack') return { kind, ids: rest.split(',').slice(0, LONGEST_STACK) }
  return null
}

function parseList(query: Query): ListState | null {
  const name = LISTS.find((each) => each === text(query, 'list'))
  if (!name) return null
  const order = text(query, 'sort') ?? ''
  const by = order.replace(/^-/, '')
  return { name, sort: /^[a-z_]{1,30}$/.test(by) ? { by, isDescending: order.startsWith('-') } : null }
}

export function parseState(query: Query): UrlState {
  const off = (text(query, 'off') ?? '').split(',')
  return {
    view: parseView(text(query, 'at')),
    filter: readFilter((name) => text(query, name)),
    layers: {
      territories: !off.includes('territories'),
      cells: !off.includes('cells'),
      points: !off.includes('points'),
      enterprises: text(query, 'on') === 'enterprises',
      basemap: !off.includes('basemap'),
      worstFill: text(query, 'fill') === 'worst',
    },
    selection: parseSelection(text(query, 'show')),
    list: parseList(query),
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
    case 'enterprise':
      return `enterprise:${selection.id}`
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
  const { view, filter, layers, selection, list } = state
  if (view) query.at = viewText(view)
  if (filter.basis !== NO_FILTER.basis) query.basis = filter.basis
  if (filter.view !== NO_FILTER.view) query.view = filter.view
  Object.assign(query, Object.fromEntries(conditionParts(filter)))
  const off = LAYER_NAMES.filter((name) => !layers[name])
  if (off.length > 0) query.off = off.join(',')
  if (layers.enterprises) query.on = 'enterprises'
  if (layers.worstFill) query.fill = 'worst'
  if (selection) query.show = selectionText(selection)
  if (list) query.list = list.name
  if (list?.sort) query.sort = `${list.sort.isDescending ? '-' : ''}${list.sort.by}`
  return query
}

export function isSameSelection(one: Selection | null, other: Selection | null): boolean {
  if (one === null || other === null) return one === other
  return selectionText(one) === selectionText(other)
}
