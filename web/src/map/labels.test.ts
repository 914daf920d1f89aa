import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { XY } from './geography.ts'
import { holds, overlaps, placeLabels, type LabelRequest } from './labels.ts'

const label = (key: string, x: number, y: number): LabelRequest => ({ key, at: [x, y], size: [100, 40] })
const NO_ROOM_TAKEN = { taken: [], symbols: [] }

test('a label with room stays at its place, without a leader', () => {
  const [only] = placeLabels([label('a', 200, 200)], NO_ROOM_TAKEN)
  assert.deepEqual(only, { key: 'a', box: [150, 180, 250, 220], leader: null })
})

test('labels on one spot part, and the ones that moved point back', () => {
  const placed = placeLabels([label('a', 0, 0), label('b', 10, 5), label('c', 5, -8), label('d', 0, 12)], NO_ROOM_TAKEN)
  assert.equal(placed.length, 4)
  for (const one of placed) {
    for (const other of placed) if (one !== other) assert.equal(overlaps(one.box, other.box), false)
  }
  assert.ok(placed.filter((each) => each.leader).length >= 3)
})

test('a label steps off the symbols it would hide', () => {
  const symbols: XY[] = [[-20, 0], [0, 0], [20, 0], [0, 10], [10, 10]]
  const [only] = placeLabels([label('a', 0, 0)], { taken: [], symbols })
  assert.ok(only)
  assert.equal(symbols.filter((symbol) => holds(only.box, symbol)).length, 0)
})

test('a label without any room is left out', () => {
  assert.deepEqual(placeLabels([label('a', 0, 0)], { taken: [[-1000, -1000, 1000, 1000]], symbols: [] }), [])
})
