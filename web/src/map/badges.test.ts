import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Grade } from '../api/wire.ts'
import { badgesOf, badgesWithin } from './badges.ts'
import { TILE_SIZE, worldPixels, type Box, type XY } from './geography.ts'
import type { PointFeature } from './tile-decode.ts'

const ZOOM = 15
const TILE = { z: ZOOM, x: 27790, y: 11940 }
const PIXEL = 1 / worldPixels(ZOOM)

/** A place so many pixels from the upper left corner of the tile. */
function at([x, y]: XY): XY {
  return [(TILE.x * TILE_SIZE + x) * PIXEL, (TILE.y * TILE_SIZE + y) * PIXEL]
}

function shape(id: string, kind: 'line' | 'area', path: XY[], grade: Grade = 'low'): PointFeature {
  return { id, number: id, name: id, grade, inherited: false, enterprise: null, kind, paths: [path.map(at)], tile: TILE }
}

const square = (left: number, top: number, side: number): XY[] => [[left, top], [left + side, top], [left + side, top + side], [left, top + side], [left, top]] // prettier-ignore

test('a line carries its letter within its tile, an area only where it has no room itself and lies here', () => {
  const shapes = [
    shape('4', 'line', [[200, 10], [300, 10]]),
    shape('3', 'line', [[10, 10], [20, 10]]),
    shape('2', 'area', square(50, 50, 20)),
    shape('1', 'area', square(100, 100, 40)),
    shape('0', 'area', square(-19, 50, 20)),
  ]
  const badges = badgesOf(shapes, ZOOM)
  assert.deepEqual(badges.map((badge) => badge.id), ['2', '4'])
  const [x, y] = badges[1]?.at ?? [0, 0]
  assert.ok(Math.abs(x - at([228, 10])[0]) < PIXEL / 1000 && Math.abs(y - at([228, 10])[1]) < PIXEL / 1000)
})

test('what reaches over an edge is seen on both sides, the worst last', () => {
  const badges = badgesOf([shape('1', 'area', square(0, 50, 10), 'major'), shape('2', 'area', square(2, 50, 10)), shape('3', 'area', square(60, 50, 10))], ZOOM)
  const west: Box = [...at([-TILE_SIZE, 0]), ...at([0, TILE_SIZE])] as unknown as Box
  assert.deepEqual(badgesWithin(west, badges, ZOOM).map((badge) => badge.id), ['2', '1'])
})
