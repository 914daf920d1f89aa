/** A vector tile as plain values in world coordinates, so that painting and hit testing need no library. */
import { VectorTile, type VectorTileFeature, type VectorTileLayer } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'
import { isGrade } from '../api/grades.ts'
import type { Grade } from '../api/wire.ts'
import { boundsOf } from './beidou.ts'
import { worldBox, type Box, type TileAddress, type XY } from './geography.ts'
import type { CellContent } from './style.ts'

export type LayerName = 'territories' | 'cells' | 'risk_points' | 'enterprises'

export interface CellFeature extends CellContent {
  code: string
  level: number
  demo: boolean
  /** Left, top, right, bottom in world coordinates, from the code itself: exact, the same in every tile. */
  box: Box
}

export interface TerritoryFeature {
  key: string
  code: string | null
  name: string
  level: string
  indicative: boolean
  rings: XY[][]
}

export interface PointFeature {
  id: string
  number: string
  name: string
  grade: Grade
  inherited: boolean
  enterprise: string | null
  kind: 'point' | 'line' | 'area'
  /** Points: one path of one place each; lines: paths; areas: rings; perhaps only as far as this tile reaches. */
  paths: XY[][]
  tile: TileAddress
}

/** One site of an enterprise, coloured by the worst of its points at all its sites. */
export interface EnterpriseFeature {
  id: string
  name: string
  grade: Grade | null
  at: XY
}

export interface DecodedTile {
  address: TileAddress
  territories: TerritoryFeature[]
  cells: Map<string, CellFeature>
  points: PointFeature[]
  enterprises: EnterpriseFeature[]
  /** Number of features the service kept when it had to cut the tile, else null. */
  cutAt: number | null
}

type Attributes = Record<string, number | string | boolean>

function text(attributes: Attributes, name: string): string | null {
  const value = attributes[name]
  return value === undefined || value === '' ? null : String(value)
}

function count(attributes: Attributes, name: string): number {
  const value = Number(attributes[name] ?? 0)
  return Number.isFinite(value) ? value : 0
}

function grade(attributes: Attributes, name: string): Grade | null {
  const value = attributes[name]
  return isGrade(value) ? value : null
}

function pathsOf(feature: VectorTileFeature, address: TileAddress): XY[][] {
  const side = 2 ** address.z
  return feature.loadGeometry().map((path) =>
    path.map((point): XY => [
      (address.x + point.x / feature.extent) / side,
      (address.y + point.y / feature.extent) / side,
    ]),
  )
}

function boxOf(paths: XY[][]): Box {
  const xs = paths.flat().map((point) => point[0])
  const ys = paths.flat().map((point) => point[1])
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

function cellOf(feature: VectorTileFeature, address: TileAddress): CellFeature {
  const attributes = feature.properties
  const code = text(attributes, 'code') ?? ''
  const bounds = boundsOf(code)
  return {
    code,
    level: count(attributes, 'level'),
    demo: attributes.demo === true,
    box: bounds ? worldBox(bounds) : boxOf(pathsOf(feature, address)),
    counts: {
      major: count(attributes, 'major'),
      large: count(attributes, 'large'),
      general: count(attributes, 'general'),
      low: count(attributes, 'low'),
      unassessed: count(attributes, 'unassessed'),
      total: count(attributes, 'total'),
    },
    grade: grade(attributes, 'grade'),
    crossing: count(attributes, 'crossing'),
    crossingGrade: grade(attributes, 'crossing_grade'),
  }
}

function territoryOf(feature: VectorTileFeature, address: TileAddress): TerritoryFeature {
  const attributes = feature.properties
  return {
    key: text(attributes, 'key') ?? '',
    code: text(attributes, 'code'),
    name: text(attributes, 'name') ?? '',
    level: text(attributes, 'level') ?? '',
    indicative: attributes.indicative === true,
    rings: pathsOf(feature, address),
  }
}

function pointOf(feature: VectorTileFeature, address: TileAddress): PointFeature {
  const attributes = feature.properties
  const kind = text(attributes, 'kind')
  return {
    id: text(attributes, 'id') ?? String(feature.id ?? ''),
    number: text(attributes, 'number') ?? '',
    name: text(attributes, 'name') ?? '',
    grade: grade(attributes, 'grade') ?? 'unassessed',
    inherited: attributes.position === 'inherited',
    enterprise: text(attributes, 'enterprise'),
    kind: kind === 'line' || kind === 'area' ? kind : 'point',
    paths: pathsOf(feature, address),
    tile: address,
  }
}

function enterpriseOf(feature: VectorTileFeature, address: TileAddress): EnterpriseFeature {
  const attributes = feature.properties
  return {
    id: text(attributes, 'enterprise') ?? '',
    name: text(attributes, 'name') ?? '',
    grade: grade(attributes, 'grade'),
    at: pathsOf(feature, address).flat()[0] ?? [0, 0],
  }
}

function featuresOf<T>(
  layer: VectorTileLayer | undefined,
  address: TileAddress,
  read: (feature: VectorTileFeature, address: TileAddress) => T,
): T[] {
  const features: T[] = []
  for (let i = 0; i < (layer?.length ?? 0); i += 1) {
    const feature = layer?.feature(i)
    if (feature) features.push(read(feature, address))
  }
  return features
}

export function emptyTile(address: TileAddress): DecodedTile {
  return { address, territories: [], cells: new Map(), points: [], enterprises: [], cutAt: null }
}

export function decodeTile(body: ArrayBuffer, address: TileAddress, cutAt: number | null): DecodedTile {
  if (body.byteLength === 0) return { ...emptyTile(address), cutAt }
  const { layers } = new VectorTile(new PbfReader(new Uint8Array(body)))
  const cells = featuresOf(layers.cells, address, cellOf)
  return {
    address,
    territories: featuresOf(layers.territories, address, territoryOf),
    cells: new Map(cells.map((cell) => [cell.code, cell])),
    points: featuresOf(layers.risk_points, address, pointOf),
    enterprises: featuresOf(layers.enterprises, address, enterpriseOf),
    cutAt,
  }
}
