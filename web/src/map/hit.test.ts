import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundsOf, encode } from './beidou.ts'
import { tileAt, tileKey, toWorld, worldBox, worldPixels, type XY } from './geography.ts'
import { cellAt, distanceToPath, isInside, pointsAt, territoryAt, tilesNear } from './hit.ts'
import { emptyTile, type CellFeature, type PointFeature, type TerritoryFeature } from './tile-decode.ts'

const ZOOM = 15
const SQUARE: XY[] = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
const HOLE: XY[] = [[0.4, 0.4], [0.6, 0.4], [0.6, 0.6], [0.4, 0.6], [0.4, 0.4]]

function point(id: string, at: XY, part: Partial<PointFeature> = {}): PointFeature {
  return {
    id,
    number: id,
    name: id,
    grade: 'low',
    inherited: false,
    enterprise: null,
    kind: 'point',
    paths: [[at]],
    tile: tileAt(at[0], at[1], ZOOM),
    ...part,
  }
}

function territory(key: string, level: string, ring: XY[]): TerritoryFeature {
  return { key, code: key, name: key, level, indicative: true, rings: [ring] }
}

test('inside counts holes as outside', () => {
  assert.equal(isInside([0.2, 0.2], [SQUARE, HOLE]), true)
  assert.equal(isInside([0.5, 0.5], [SQUARE, HOLE]), false)
  assert.equal(isInside([1.2, 0.5], [SQUARE, HOLE]), false)
})

test('distance to a path is to its nearest segment', () => {
  assert.equal(distanceToPath([0.5, 2], SQUARE), 1)
  assert.equal(distanceToPath([3, 0], [[0, 0]]), 3)
  assert.equal(distanceToPath([3, 0], []), Infinity)
})

test('a click takes the nearest symbol and everything on its spot', () => {
  const at = toWorld(125.396, 43.859)
  const pixel = 1 / worldPixels(ZOOM)
  const points = [point('a', at), point('b', at), point('c', [at[0] + 14 * pixel, at[1]])]
  const near = (dx: number): string[] => pointsAt([at[0] + dx * pixel, at[1]], points, ZOOM).map((each) => each.id)
  assert.deepEqual(near(3), ['a', 'b'])
  assert.deepEqual(near(12), ['c'])
  assert.deepEqual(near(40), [])
})

test('near the corner of a tile its neighbours are asked too', () => {
  const side = 2 ** ZOOM
  const pixel = 1 / worldPixels(ZOOM)
  const near = (dx: number, dy: number): string[] => tilesNear([100 / side + dx * pixel, 200 / side + dy * pixel], ZOOM).sort()
  assert.deepEqual(near(128, 128), ['15/100/200'])
  assert.deepEqual(near(15, 128), ['15/100/200', '15/99/200'])
  assert.deepEqual(near(241, 255), ['15/100/200', '15/100/201', '15/101/200', '15/101/201'])
})

test('a line is met beside it, an area inside it', () => {
  const [x, y] = toWorld(125.396, 43.859)
  const pixel = 1 / worldPixels(ZOOM)
  const line = point('line', [x, y], { kind: 'line', paths: [[[x, y], [x + 100 * pixel, y]]] })
  assert.deepEqual(pointsAt([x + 50 * pixel, y + 4 * pixel], [line], ZOOM).map((each) => each.id), ['line'])
  assert.deepEqual(pointsAt([x + 50 * pixel, y + 9 * pixel], [line], ZOOM), [])
  const ring: XY[] = [[x, y], [x + 60 * pixel, y], [x + 60 * pixel, y + 60 * pixel], [x, y + 60 * pixel], [x, y]]
  const area = point('area', [x, y], { kind: 'area', paths: [ring] })
  assert.deepEqual(pointsAt([x + 30 * pixel, y + 30 * pixel], [area], ZOOM).map((each) => each.id), ['area'])
})

test('a cell is found by its code in the tile under the place, half open like the standard', () => {
  const code = 'N51KA7581B8'
  const bounds = boundsOf(code)
  assert.ok(bounds)
  const cell: CellFeature = {
    code,
    level: 5,
    demo: true,
    box: worldBox(bounds),
    counts: { major: 1, large: 0, general: 0, low: 0, unassessed: 0, total: 1 },
    grade: 'major',
    crossing: 0,
    crossingGrade: null,
  }
  const find = (lon: number, lat: number): CellFeature | null => {
    const place = toWorld(lon, lat)
    const address = tileAt(place[0], place[1], ZOOM)
    const tiles = new Map([[tileKey(address), { ...emptyTile(address), cells: new Map([[code, cell]]) }]])
    return cellAt(place, tiles, { zoom: ZOOM, level: 5 })
  }
  assert.equal(find(125.396, 43.859), cell)
  assert.equal(encode(bounds[2] + 1e-7, 43.859, 5) === code, false)
  assert.equal(find(bounds[2] + 1e-7, 43.859), null)
  assert.equal(cellAt(toWorld(125.396, 43.859), new Map(), { zoom: ZOOM, level: 5 }), null)
})

test('the most specific territory wins', () => {
  const district = territory('220105', 'district', SQUARE)
  const zone = territory('zone', 'functional_zone', [[0.2, 0.2], [0.5, 0.2], [0.5, 0.5], [0.2, 0.5]])
  assert.equal(territoryAt([0.3, 0.3], [district, zone])?.key, 'zone')
  assert.equal(territoryAt([0.3, 0.3], [zone, district])?.key, 'zone')
  assert.equal(territoryAt([0.9, 0.9], [district, zone])?.key, '220105')
  assert.equal(territoryAt([2, 2], [district, zone]), null)
})
