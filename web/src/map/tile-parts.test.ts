import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Unreachable } from '../api/client.ts'
import { emptyTile, type DecodedTile } from './tile-decode.ts'
import { loadParts, tileOf, type Parts } from './tile-parts.ts'
import type { Source } from './tile-sources.ts'
import { TileStore } from './tile-store.ts'

const ADDRESS = { z: 15, x: 27797, y: 11944 }
const NONE: Parts = new Map()
const sourcesOf = (query: string): Source[] => [['territories', ''], ['cells', query], ['risk_points', query]]
const SIGNAL = new AbortController().signal

/** Answers every path with a tile of its own; what was asked for is written down. */
class Counting extends TileStore {
  readonly asked: string[] = []
  readonly tiles: DecodedTile[] = []
  override load(path: string): Promise<DecodedTile> {
    this.asked.push(path.split('/')[2] + (path.split('?')[1] ?? ''))
    const point = { id: path, number: '', name: '', grade: 'low' as const, inherited: false, enterprise: null, kind: 'point' as const, paths: [], tile: ADDRESS }
    const tile = { ...emptyTile(ADDRESS), points: [point], cutAt: 10 }
    this.tiles.push(tile)
    return Promise.resolve(tile)
  }
}

test('layers of one query are one request; a new filter asks for what it concerns', async () => {
  const store = new Counting()
  const first = await loadParts(store, ADDRESS, sourcesOf('a'), { known: NONE, signal: SIGNAL })
  assert.deepEqual(store.asked, ['territories', 'cells,risk_pointsa'])
  const second = await loadParts(store, ADDRESS, sourcesOf('b'), { known: first.parts, signal: SIGNAL })
  assert.deepEqual(store.asked.slice(2), ['cells,risk_pointsb'])
  assert.deepEqual([...second.parts.keys()], ['territories?', 'cells?b', 'risk_points?b'])
  await loadParts(store, ADDRESS, sourcesOf('b').slice(0, 2), { known: second.parts, signal: SIGNAL })
  assert.equal(store.asked.length, 3)
})

test('a tile holds the layers wished for, their very lists, and a cut only of what is drawn', async () => {
  const store = new Counting()
  const { parts } = await loadParts(store, ADDRESS, sourcesOf('a'), { known: NONE, signal: SIGNAL })
  const whole = tileOf(ADDRESS, sourcesOf('a'), parts)
  assert.equal(whole.points, store.tiles[1]?.points)
  assert.equal(whole.cutAt, 10)
  const plain = tileOf(ADDRESS, sourcesOf('a').slice(0, 2), parts)
  assert.deepEqual([plain.points, plain.cutAt], [[], null])
})

test('what did not arrive is told, the rest stays', async () => {
  const store = new TileStore((path) =>
    path.includes('cells') ? Promise.reject(new Unreachable()) : Promise.resolve(new Response(new ArrayBuffer(0))),
  () => Promise.resolve())
  const { parts, failures } = await loadParts(store, ADDRESS, sourcesOf('a'), { known: NONE, signal: SIGNAL })
  assert.deepEqual([...parts.keys()], ['territories?'])
  assert.ok(failures[0] instanceof Unreachable && failures.length === 1)
})
