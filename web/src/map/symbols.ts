/** Which symbols stand where: points of one spot together, the worst on top, as pure decisions. */
import type { Grade } from '../api/wire.ts'
import { TILE_SIZE, worldPixels, type TileAddress, type XY } from './geography.ts'
import { spotKey } from './hit.ts'
import type { PointFeature } from './tile-decode.ts'

export interface Symbol {
  at: XY
  /** The point met first on the spot. */
  first: { id: string; grade: Grade }
  grade: Grade
  inherited: boolean
  count: number
}

const ORDER: Grade[] = ['major', 'large', 'general', 'low', 'unassessed']

/** Radius of a point's symbol in pixels. */
export function symbolRadius(zoom: number): number {
  if (zoom <= 8) return 4.5
  if (zoom <= 9) return 5.5
  return zoom >= 17 ? 9 : zoom === 16 ? 7.5 : 7
}

/** The middle of what a path spans. */
export function middleOf(path: readonly XY[]): XY {
  const xs = path.map((place) => place[0])
  const ys = path.map((place) => place[1])
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2]
}

/** Points on one spot are one symbol with the worst of their grades and their number; in the order they are painted. */
export function symbolsOf(points: readonly PointFeature[], zoom: number): Symbol[] {
  const spots = new Map<string, Symbol>()
  const seen = new Set<string>()
  for (const point of points) {
    if (seen.has(point.id)) continue
    seen.add(point.id)
    const places = point.kind === 'point' ? point.paths.flat() : point.paths.slice(0, 1).map(middleOf)
    for (const at of places) {
      const key = spotKey(at, zoom)
      const known = spots.get(key)
      if (!known) {
        spots.set(key, { at, first: point, grade: point.grade, inherited: point.inherited, count: 1 })
        continue
      }
      known.count += 1
      known.inherited &&= point.inherited
      if (rank(point.grade) < rank(known.grade)) known.grade = point.grade
    }
  }
  return inPaintingOrder([...spots.values()])
}

/** 0 for the worst. */
export function rank(grade: Grade): number {
  return ORDER.indexOf(grade)
}

/**
 * The worst are painted last, so that nothing covers them. The rest is the order of the service within a tile (the oldest
 * last), kept across tiles, so that two of them show the symbols on their common edge alike.
 */
function inPaintingOrder(symbols: Symbol[]): Symbol[] {
  return symbols.sort(
    (a, b) =>
      rank(b.grade) - rank(a.grade) || rank(b.first.grade) - rank(a.first.grade) || Number(b.first.id) - Number(a.first.id),
  )
}

/** How far a symbol with the number of its stack reaches from its middle, in pixels. */
const REACH = { left: 16, up: 24, right: 56, down: 16 } as const

/** What stands around a tile, itself included: the symbols of each tile that is known, by its place in the grid. */
export type Surroundings = readonly { address: TileAddress; symbols: readonly Symbol[] }[]

/**
 * The symbols to be seen in one tile, also those that only reach into it, in the order they are painted. Of a place beyond
 * the edge of a tile its neighbour tells, where it has arrived: the number of points on a spot may be a part of them here.
 */
export function symbolsIn(tile: TileAddress, around: Surroundings): Symbol[] {
  const pixels = worldPixels(tile.z)
  const [left, top] = [tile.x * TILE_SIZE, tile.y * TILE_SIZE]
  const found = new Map<string, Symbol>()
  for (const { address, symbols } of around) {
    for (const symbol of symbols) {
      const [x, y] = [symbol.at[0] * pixels - left, symbol.at[1] * pixels - top]
      if (x < -REACH.right || x > TILE_SIZE + REACH.left || y < -REACH.down || y > TILE_SIZE + REACH.up) continue
      const key = spotKey(symbol.at, tile.z)
      const isWithin =
        tile.x + Math.floor(Math.round(x) / TILE_SIZE) === address.x && tile.y + Math.floor(Math.round(y) / TILE_SIZE) === address.y
      if (isWithin || !found.has(key)) found.set(key, symbol)
    }
  }
  return inPaintingOrder([...found.values()])
}

/** Equal for equal pictures. */
export function signatureOf(symbols: readonly Symbol[]): string {
  return symbols.map(({ at, first, grade, inherited, count }) => [...at, first.id, grade, inherited, count].join()).join(';')
}
