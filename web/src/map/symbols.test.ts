import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Grade } from '../api/wire.ts'
import { TILE_SIZE, worldPixels, type XY } from './geography.ts'
import { signatureOf, symbolsIn, symbolsOf, type Surroundings } from './symbols.ts'
import type { PointFeature } from './tile-decode.ts'

const ZOOM = 15
const TILE = { z: ZOOM, x: 27790, y: 11940 }
const WEST = { ...TILE, x: TILE.x - 1 }

/** A point so many pixels from the upper left corner of the tile. */
function point(id: string, [x, y]: XY, grade: Grade = 'low'): PointFeature {
  const pixels = worldPixels(ZOOM)
  const at: XY = [(TILE.x * TILE_SIZE + x) / pixels, (TILE.y * TILE_SIZE + y) / pixels]
  return { id, number: id, name: id, grade, inherited: false, enterprise: null, kind: 'point', paths: [[at]], tile: TILE }
}

function around(tile: PointFeature[], west?: PointFeature[]): Surroundings {
  const known = [{ address: TILE, symbols: symbolsOf(tile, ZOOM) }]
  return west ? [...known, { address: WEST, symbols: symbolsOf(west, ZOOM) }] : known
}

test('points on one spot are one symbol with the worst grade and their number', () => {
  const [one, other] = symbolsOf([point('3', [50, 50]), point('2', [50, 50], 'large'), point('1', [80, 50]), point('1', [80, 50])], ZOOM)
  assert.deepEqual([one?.grade, one?.count], ['low', 1])
  assert.deepEqual([other?.grade, other?.count], ['large', 2])
})

test('the worst is painted last, of one grade the oldest, whichever tile it came from', () => {
  const points = [point('1', [10, 10]), point('3', [20, 10], 'major'), point('2', [30, 10]), point('4', [40, 10], 'unassessed')]
  const ids = ['4', '2', '1', '3']
  assert.deepEqual(symbolsOf(points, ZOOM).map((symbol) => symbol.first.id), ids)
  const parted = around([point('1', [2, 10]), point('3', [20, 10], 'major')], [point('2', [-3, 10]), point('4', [-5, 10], 'unassessed')])
  assert.deepEqual(symbolsIn(TILE, parted).map((symbol) => symbol.first.id), ids)
})

test('a tile shows what reaches into it from the neighbour, once', () => {
  const shared = point('1', [-10, 60])
  const west = [shared, point('2', [-30, 60]), point('3', [-90, 60])]
  const seen = symbolsIn(TILE, around([shared, point('4', [60, 60])], west))
  assert.deepEqual(seen.map((symbol) => symbol.first.id), ['4', '2', '1'])
})

test('what a neighbour could not tell is told by the tile beside it', () => {
  const seen = symbolsIn(WEST, around([point('1', [-5, 60])], []))
  assert.deepEqual(seen.map((symbol) => symbol.first.id), ['1'])
})

test('the number of a spot beyond the edge is the neighbour\'s, as soon as it is known', () => {
  const [far, near] = [point('1', [-15.6, 60]), point('2', [-16.4, 60])]
  const counts = (west?: PointFeature[]): number[] => symbolsIn(TILE, around([far], west)).map((symbol) => symbol.count)
  assert.deepEqual(counts(), [1])
  assert.deepEqual(counts([far, near]), [2])
})

test('a signature differs where a picture does', () => {
  const sign = (...points: PointFeature[]): string => signatureOf(symbolsOf(points, ZOOM))
  const one = point('1', [10, 10])
  assert.equal(sign(one), sign({ ...one, name: 'renamed' }))
  const others = [[{ ...one, grade: 'major' as const }], [{ ...one, inherited: true }], [one, point('2', [10, 10])], [point('1', [11, 10])], []]
  assert.equal(new Set([sign(one), ...others.map((points) => sign(...points))]).size, 6)
})
