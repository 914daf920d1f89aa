import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_FILTER } from '../api/filter.ts'
import { openingOf, worldBox } from './geography.ts'
import { legendAt } from './legend.ts'
import { halfWay } from './badges.ts'
import { cellsAreSmall } from './style.ts'

const LAYERS = { territories: true, cells: true, points: true, enterprises: false, worstFill: false, basemap: false }

test('the legend explains the marks of small cells exactly where cells are too small for letters', () => {
  const small = [9, 10, 11, 12, 13, 14, 15, 16, 17].filter(cellsAreSmall)
  assert.deepEqual(small, [10, 13, 14])
  for (const zoom of [9, 10, 11, 13, 15, 17]) {
    assert.equal(legendAt(zoom, NO_FILTER, LAYERS).notes.includes('small-marks'), small.includes(zoom))
  }
})

test('the letter of a line stands half way along it, round corners too', () => {
  assert.deepEqual(halfWay([[0, 0], [10, 0]]), [5, 0]) // prettier-ignore
  assert.deepEqual(halfWay([[0, 0], [10, 0], [10, 30]]), [10, 10]) // prettier-ignore
  assert.deepEqual(halfWay([[4, 4]]), [4, 4]) // prettier-ignore
})

test('a place opens beside what covers a corner of the window, or above it, wherever it is larger', () => {
  const options = { tolerance: 1, deepest: 17 }
  const wide = worldBox([125, 43.99, 126, 44])
  const high = worldBox([125, 43, 125.01, 44])
  const beside = openingOf(high, [900, 330], [400, 140], options)
  assert.deepEqual(beside.shift, [200, 0])
  const above = openingOf(wide, [900, 330], [400, 140], options)
  assert.deepEqual(above.shift, [0, -70])
  assert.deepEqual(openingOf(wide, [900, 330], [0, 0], options).shift.map(Math.abs), [0, 0])
})
