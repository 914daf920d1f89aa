/** What lies under a place, found in the tiles' features: no element per feature, no library. */
import { encode, type CellLevel } from './beidou.ts'
import { tileAt, tileKey, toLonLat, worldPixels, type XY } from './geography.ts'
import { FIRST_CELL_ZOOM } from './style.ts'
import type { CellFeature, DecodedTile, EnterpriseFeature, PointFeature, TerritoryFeature } from './tile-decode.ts'

export type Hit =
  | { kind: 'points'; points: PointFeature[] }
  | { kind: 'enterprise'; enterprise: EnterpriseFeature }
  | { kind: 'cell'; cell: CellFeature }
  | { kind: 'territory'; territory: TerritoryFeature }

/** From the most specific: a zone lies over districts, a town within one. */
const LEVEL_RANK = ['zone_town', 'functional_zone', 'town', 'district', 'city', 'province']
/** A finger covers about this many pixels around its middle. */
export const POINT_REACH_PX = 11
const LINE_REACH_PX = 6

export function isInside(place: XY, rings: readonly XY[][]): boolean {
  let inside = false
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [xi, yi] = ring[i] as XY
      const [xj, yj] = ring[j] as XY
      if (yi > place[1] !== yj > place[1] && place[0] < ((xj - xi) * (place[1] - yi)) / (yj - yi) + xi) inside = !inside
    }
  }
  return inside
}

export function distanceToPath(place: XY, path: readonly XY[]): number {
  const [px, py] = place
  const first = path[0]
  if (!first) return Infinity
  let nearest = Math.hypot(px - first[0], py - first[1])
  for (let i = 1; i < path.length; i += 1) {
    const [ax, ay] = path[i - 1] as XY
    const [bx, by] = path[i] as XY
    const length = (bx - ax) ** 2 + (by - ay) ** 2
    const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length))
    nearest = Math.min(nearest, Math.hypot(px - ax - t * (bx - ax), py - ay - t * (by - ay)))
  }
  return nearest
}

/** Points of the symbol under a place: all that stand on the very spot of the nearest one. */
export function pointsAt(place: XY, points: readonly PointFeature[], zoom: number): PointFeature[] {
  const reach = POINT_REACH_PX / worldPixels(zoom)
  let nearest = Infinity
  let spot: XY | null = null
  for (const point of points) {
    if (point.kind !== 'point') continue
    for (const path of point.paths) {
      for (const [x, y] of path) {
        const distance = Math.hypot(place[0] - x, place[1] - y)
        if (distance <= reach && distance < nearest) [nearest, spot] = [distance, [x, y]]
      }
    }
  }
  if (spot) {
    const at = spotKey(spot, zoom)
    return points.filter((point) => point.kind === 'point' && point.paths.flat().some((xy) => spotKey(xy, zoom) === at))
  }
  const lineReach = LINE_REACH_PX / worldPixels(zoom)
  const line = points.find(
    (point) => point.kind === 'line' && point.paths.some((path) => distanceToPath(place, path) <= lineReach),
  )
  if (line) return [line]
  const area = points.find((point) => point.kind === 'area' && isInside(place, point.paths))
  return area ? [area] : []
}

/** The site whose mark is nearest under a place. */
export function enterpriseAt(place: XY, sites: readonly EnterpriseFeature[], zoom: number): EnterpriseFeature | null {
  let nearest = POINT_REACH_PX / worldPixels(zoom)
  let found: EnterpriseFeature | null = null
  for (const site of sites) {
    const distance = Math.hypot(place[0] - site.at[0], place[1] - site.at[1])
    if (distance <= nearest) [nearest, found] = [distance, site]
  }
  return found
}

/** Symbols this near to each other are one stack: over districts a red heap is one mark, nearby each place is its own. */
function stackPixels(zoom: number): number {
  return zoom < FIRST_CELL_ZOOM ? 4 : 1
}

/** A place nearer to an edge than a finger and a stack are wide may belong to what the neighbour shows. */
const EDGE_PX = 16

/** Keys of the tile of a place and of those whose edge is near. */
export function tilesNear(place: XY, zoom: number): string[] {
  const edge = EDGE_PX / worldPixels(zoom)
  const keys = [0, -edge, edge].flatMap((down) => [0, -edge, edge].map((across) => tileKey(tileAt(place[0] + across, place[1] + down, zoom))))
  return [...new Set(keys)]
}

export function spotKey(place: XY, zoom: number): string {
  const pixels = worldPixels(zoom) / stackPixels(zoom)
  return `${Math.round(place[0] * pixels)},${Math.round(place[1] * pixels)}`
}

export function cellAt(
  place: XY,
  tiles: ReadonlyMap<string, DecodedTile>,
  options: { zoom: number; level: CellLevel },
): CellFeature | null {
  const [lon, lat] = toLonLat(place[0], place[1])
  const code = encode(lon, lat, options.level)
  const tile = tiles.get(tileKey(tileAt(place[0], place[1], options.zoom)))
  return (code && tile?.cells.get(code)) || null
}

export function territoryAt(place: XY, territories: Iterable<TerritoryFeature>): TerritoryFeature | null {
  let best: TerritoryFeature | null = null
  for (const territory of territories) {
    if (best && LEVEL_RANK.indexOf(best.level) <= LEVEL_RANK.indexOf(territory.level)) continue
    if (isInside(place, territory.rings)) best = territory
  }
  return best
}
