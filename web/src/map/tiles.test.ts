import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PbfWriter } from 'pbf'
import { Refused, Unreachable } from '../api/client.ts'
import { NO_FILTER } from '../api/filter.ts'
import { GRADES } from '../api/grades.ts'
import { boundsOf } from './beidou.ts'
import { worldBox } from './geography.ts'
import { legendAt, type LayersShown } from './legend.ts'
import { decodeTile } from './tile-decode.ts'
import { sourcesAt, type TileWishes } from './tile-sources.ts'
import { isWorthRetrying, tilePath, TileStore } from './tile-store.ts'

const ADDRESS = { z: 15, x: 27797, y: 11944 }
const LAYERS: LayersShown = { territories: true, cells: true, points: true, enterprises: false, worstFill: false, basemap: true }
const LETTERS = { major: '重', large: '较', general: '般', low: '低', unassessed: '–' }
const WISHES: TileWishes = { filter: NO_FILTER, layers: LAYERS, letters: LETTERS, basemap: null,
  watermark: null, districts: new Map() }
const NOW = (): Promise<void> => Promise.resolve()

/** A tile with one point feature at tile units (x, y), written by hand after the vector tile specification 2.1. */
function tile(layer: string, attributes: Record<string, string | number>, at: [number, number] = [2048, 1024]) {
  const writer = new PbfWriter()
  writer.writeMessage(3, (_: unknown, message: PbfWriter) => {
    message.writeVarintField(15, 2)
    message.writeStringField(1, layer)
    message.writeMessage(
      2,
      (__: unknown, feature: PbfWriter) => {
        feature.writeVarintField(1, 42)
        feature.writePackedVarint(2, Object.keys(attributes).flatMap((___, i) => [i, i]))
        feature.writeVarintField(3, 1)
        feature.writePackedVarint(4, [9, at[0] << 1, at[1] << 1])
      },
      null,
    )
    for (const key of Object.keys(attributes)) message.writeStringField(3, key)
    for (const value of Object.values(attributes)) {
      message.writeMessage(
        4,
        (__: unknown, field: PbfWriter) => {
          if (typeof value === 'string') field.writeStringField(1, value)
          else field.writeVarintField(5, value)
        },
        null,
      )
    }
    message.writeVarintField(5, 4096)
  }, null)
  const bytes = writer.finish()
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
}

test('a cell takes its box from its code, not from the rounded tile geometry', () => {
  const decoded = decodeTile(tile('cells', { code: 'N51KA7581B8', level: 5, major: 2, low: 1, total: 3, grade: 'major' }), ADDRESS, null)
  const cell = decoded.cells.get('N51KA7581B8')
  const bounds = boundsOf('N51KA7581B8')
  assert.ok(cell && bounds)
  assert.deepEqual(cell.box, worldBox(bounds))
  assert.deepEqual(cell.counts, { major: 2, large: 0, general: 0, low: 1, unassessed: 0, total: 3 })
  assert.equal(cell.grade, 'major')
  assert.equal(cell.crossingGrade, null)
})

test('a point without an id attribute has the id of its feature; its place is of the world', () => {
  const decoded = decodeTile(tile('risk_points', { name: '储罐', grade: 'large', position: 'inherited' }), ADDRESS, 20_000)
  const [point] = decoded.points
  assert.equal(point?.id, '42')
  assert.equal(point.inherited, true)
  assert.deepEqual(point.paths, [[[(ADDRESS.x + 0.5) / 2 ** 15, (ADDRESS.y + 0.25) / 2 ** 15]]])
  assert.equal(decoded.cutAt, 20_000)
})

test('an empty body is an empty tile', () => {
  assert.equal(decodeTile(new ArrayBuffer(0), ADDRESS, null).cells.size, 0)
})

test('what a tile is made of follows zoom, layers and filter', () => {
  const names = (zoom: number, wishes = WISHES): string[] => sourcesAt(zoom, wishes).map(([layer]) => layer)
  assert.deepEqual(names(8), ['territories', 'risk_points'])
  assert.deepEqual(names(11), ['territories', 'cells'])
  assert.deepEqual(names(15), ['territories', 'cells', 'risk_points'])
  assert.deepEqual(names(15, { ...WISHES, layers: { ...LAYERS, cells: false } }), ['territories', 'risk_points'])
  assert.match(sourcesAt(8, WISHES)[1]?.[1] ?? '', /grade=major$/)
  assert.deepEqual(names(8, { ...WISHES, filter: { ...NO_FILTER, grades: ['low'] } }), ['territories'])
  assert.equal(tilePath(['cells', 'risk_points'], ADDRESS, 'basis=assessed'), '/tiles/cells,risk_points/15/27797/11944.mvt?basis=assessed')
})

test('the same bytes are decoded once, other bytes anew', async () => {
  let etag = '"a"'
  const store = new TileStore(() => Promise.resolve(new Response(tile('cells', { code: 'N51KA7581B8' }), { headers: { ETag: etag } })), NOW)
  const { signal } = new AbortController()
  const first = await store.load('/t', ADDRESS, signal)
  assert.equal(await store.load('/t', ADDRESS, signal), first)
  etag = '"b"'
  assert.notEqual(await store.load('/t', ADDRESS, signal), first)
})

test('silence is asked again twice, a refusal is not', async () => {
  let calls = 0
  const failing = (error: Error) => () => {
    calls += 1
    return Promise.reject(error)
  }
  const { signal } = new AbortController()
  await assert.rejects(new TileStore(failing(new Unreachable()), NOW).load('/t', ADDRESS, signal), Unreachable)
  assert.equal(calls, 3)
  calls = 0
  const notFound = new Refused(404, { error: 'not_found', message: '' })
  await assert.rejects(new TileStore(failing(notFound), NOW).load('/t', ADDRESS, signal), Refused)
  assert.equal(calls, 1)
  assert.equal(isWorthRetrying(new Refused(503, { error: 'unavailable', message: '' })), true)
})

test('the legend explains what is drawn, nothing else', () => {
  const marks = (zoom: number, layers = LAYERS, grades = GRADES): string[] =>
    legendAt(zoom, { ...NO_FILTER, grades }, layers).entries.map((entry) => entry.grade ?? entry.mark)
  assert.deepEqual(marks(8), [...GRADES, 'major'])
  assert.deepEqual(marks(11), [...GRADES, 'corner', 'crossing'])
  assert.deepEqual(marks(11, LAYERS, ['major']), ['major', 'crossing'])
  assert.deepEqual(marks(16), [...GRADES, 'corner', 'crossing', 'point', 'inherited'])
  assert.deepEqual(marks(11, { ...LAYERS, cells: false }), [...GRADES])
  assert.ok(legendAt(11, NO_FILTER, LAYERS).notes.includes('worst-in-cell'))
  assert.ok(legendAt(8, NO_FILTER, { ...LAYERS, worstFill: true }).notes.includes('district-worst'))
})
