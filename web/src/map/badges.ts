/** The letters of lines, and of areas too small to carry their own, on discs over them: colour is never alone. */
import type { Grade } from '../api/wire.ts'
import { clipLine } from './clip.ts'
import { tileAt, worldPixels, type Box, type XY } from './geography.ts'
import { middleOf, rank } from './symbols.ts'
import type { PointFeature } from './tile-decode.ts'

export interface Badge {
  at: XY
  grade: Grade
  kind: PointFeature['kind']
  id: string
}

export const BADGE_RADIUS = 8
/** From this width and height an area, or its part in a tile, carries the letter of its grade itself. */
export const LETTERED_AREA_PX = 30
/** A piece of a line shorter than this would be hidden by its letter. */
const LETTERED_LINE_PX = 24

/** In the order they are painted, which two tiles have in common. */
export function badgesOf(points: readonly PointFeature[], zoom: number): Badge[] {
  const badges = points.flatMap(({ id, grade, kind, ...shape }): Badge[] => {
    if (kind === 'point') return []
    const at = kind === 'line' ? badgeOfLine(shape, zoom) : badgeOfArea(shape, zoom)
    return at ? [{ at, grade, kind, id }] : []
  })
  return inPaintingOrder(badges)
}

/** Those of some tiles that are to be seen in a box of the world, so many pixels beyond its edge included. */
export function badgesWithin(box: Box, badges: readonly Badge[], zoom: number): Badge[] {
  const reach = (BADGE_RADIUS + 2) / worldPixels(zoom)
  const [left, top, right, bottom] = [box[0] - reach, box[1] - reach, box[2] + reach, box[3] + reach]
  return inPaintingOrder(badges.filter(({ at: [x, y] }) => x > left && x < right && y > top && y < bottom))
}

function inPaintingOrder(badges: Badge[]): Badge[] {
  return badges.sort((a, b) => a.kind.localeCompare(b.kind) || rank(b.grade) - rank(a.grade) || Number(b.id) - Number(a.id))
}

type Shape = Pick<PointFeature, 'paths' | 'tile'>

/** Half way along the longest piece of a line in its tile. */
function badgeOfLine({ paths, tile }: Shape, zoom: number): XY | null {
  const side = 2 ** tile.z
  const ground: Box = [tile.x / side, tile.y / side, (tile.x + 1) / side, (tile.y + 1) / side]
  const pieces = paths.flatMap((path) => clipLine(path, ground))
  const [longest] = pieces.sort((one, other) => lengthOf(other) - lengthOf(one))
  if (!longest || lengthOf(longest) * worldPixels(zoom) < LETTERED_LINE_PX) return null
  return halfWay(longest)
}

function badgeOfArea({ paths: [outline], tile }: Shape, zoom: number): XY | null {
  if (!outline || outline.length === 0) return null
  const xs = outline.map((place) => place[0])
  const ys = outline.map((place) => place[1])
  const room = LETTERED_AREA_PX / worldPixels(zoom)
  if (Math.max(...xs) - Math.min(...xs) >= room && Math.max(...ys) - Math.min(...ys) >= room) return null
  const [x, y] = middleOf(outline)
  const home = tileAt(x, y, tile.z)
  // The neighbours of its tile know the area too; one letter is enough.
  return home.x === tile.x && home.y === tile.y ? [x, y] : null
}

function lengthOf(path: readonly XY[]): number {
  return path.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - (path[i]?.[0] ?? x), y - (path[i]?.[1] ?? y)), 0)
}

export function halfWay(path: readonly XY[]): XY {
  let rest = lengthOf(path) / 2
  for (const [i, to] of path.slice(1).entries()) {
    const from = path[i] ?? to
    const step = Math.hypot(to[0] - from[0], to[1] - from[1])
    if (step >= rest && step > 0) return [from[0] + ((to[0] - from[0]) * rest) / step, from[1] + ((to[1] - from[1]) * rest) / step]
    rest -= step
  }
  return path[path.length - 1] ?? [0, 0]
}
