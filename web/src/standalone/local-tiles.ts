/** Tiles made in the browser from a file's content: the map asks for them as it asks the service. */
import { isGrade } from '../api/grades.ts'
import type { Grade, LonLat } from '../api/wire.ts'
import { boundsOf } from '../map/beidou.ts'
import { TILE_SIZE, toWorld, worldBox, type Box, type TileAddress, type XY } from '../map/geography.ts'
import { FIRST_POINT_ZOOM, sceneAt } from '../map/style.ts'
import { emptyTile, type CellFeature, type DecodedTile, type PointFeature, type TerritoryFeature } from '../map/tile-decode.ts'
import { TileStore } from '../map/tile-store.ts'
import type { FileCell, FilePoint, Geometry, MapContent, Outline } from './content.ts'

/** How far beyond its edge a tile looks for symbols, in pixels, as the service does. */
const BUFFER_PX = 16

interface Placed<T> {
  box: Box
  feature: T
}

export class LocalTiles extends TileStore {
  private readonly territories: Placed<TerritoryFeature>[]
  private readonly cells: Record<string, CellFeature[]>
  private readonly points: Placed<PointFeature>[]

  constructor(content: MapContent) {
    super()
    this.territories = content.outlines.map(territoryOf).map((feature) => ({ feature, box: boxOf(feature.rings) }))
    this.cells = Object.fromEntries(
      Object.entries(content.cells).map(([level, cells]) => [level, cells.map((cell) => cellOf(cell, Number(level)))]),
    )
    this.points = content.points.map(pointOf).map((feature) => ({ feature, box: boxOf(feature.paths) }))
  }

  override load(path: string, address: TileAddress): Promise<DecodedTile> {
    const url = new URL(path, 'file:///')
    const layers = url.pathname.split('/')[2]?.split(',') ?? []
    const side = 2 ** address.z
    const buffer = BUFFER_PX / TILE_SIZE
    const reach: Box = [
      (address.x - buffer) / side,
      (address.y - buffer) / side,
      (address.x + 1 + buffer) / side,
      (address.y + 1 + buffer) / side,
    ]
    const tile = emptyTile(address)
    if (layers.includes('territories')) tile.territories = met(this.territories, reach)
    if (layers.includes('cells')) {
      const cells = this.cells[String(sceneAt(address.z).cellLevel)] ?? []
      tile.cells = new Map(cells.filter((cell) => meets(cell.box, reach)).map((cell) => [cell.code, cell]))
    }
    if (layers.includes('risk_points')) {
      const grades = url.searchParams.get('grade')?.split(',').filter(isGrade) ?? null
      tile.points = met(this.points, reach)
        .filter((point) => grades === null || grades.includes(point.grade))
        .map((point) => (address.z >= FIRST_POINT_ZOOM ? { ...point, tile: address } : point))
    }
    return Promise.resolve(tile)
  }
}

function meets(one: Box, other: Box): boolean {
  return one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3]
}

function met<T>(placed: readonly Placed<T>[], reach: Box): T[] {
  return placed.filter(({ box }) => meets(box, reach)).map(({ feature }) => feature)
}

function boxOf(paths: readonly XY[][]): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const path of paths) {
    for (const [x, y] of path) {
      left = Math.min(left, x)
      top = Math.min(top, y)
      right = Math.max(right, x)
      bottom = Math.max(bottom, y)
    }
  }
  return [left, top, right, bottom]
}

export function pathsOf(geometry: Geometry): XY[][] {
  const trace = (line: readonly LonLat[]): XY[] => line.map(([lon, lat]) => toWorld(lon, lat))
  if (geometry.type === 'LineString') return [trace(geometry.coordinates)]
  if (geometry.type === 'MultiPolygon') return geometry.coordinates.flat().map(trace)
  return geometry.coordinates.map(trace)
}

function territoryOf({ geometry, ...outline }: Outline): TerritoryFeature {
  return { ...outline, rings: pathsOf(geometry) }
}

function cellOf([code, major, large, general, low, unassessed, crossing, crossingGrade]: FileCell, level: number): CellFeature {
  const counts = { major, large, general, low, unassessed, total: major + large + general + low + unassessed }
  const grades: Grade[] = ['major', 'large', 'general', 'low', 'unassessed']
  const bounds = boundsOf(code)
  return {
    code,
    level,
    demo: false,
    box: bounds ? worldBox(bounds) : [0, 0, 0, 0],
    counts,
    grade: grades.find((grade) => counts[grade] > 0) ?? null,
    crossing,
    crossingGrade,
  }
}

export function pointOf(point: FilePoint): PointFeature {
  const anchor = point.anchor ?? [0, 0]
  const at = toWorld(anchor[0], anchor[1])
  return {
    id: String(point.id),
    number: point.number,
    name: point.name,
    grade: point.grade,
    inherited: point.position === 'inherited',
    enterprise: point.enterprise?.name ?? null,
    kind: point.geometry === null ? 'point' : /Polygon/.test(point.geometry.type) ? 'area' : 'line',
    paths: point.geometry === null ? [[at]] : pathsOf(point.geometry),
    tile: { z: 0, x: 0, y: 0 },
  }
}
