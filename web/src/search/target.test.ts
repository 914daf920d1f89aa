import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Found } from '../api/wire.ts'
import { cardOf, looksLikePlace, queryFor, viewOf } from './target.ts'

const NOTHING = { id: null, key: null, code: null, bounds: null, grade: null, at: null } as const
const text = { zh: '', en: '' }
const found = (part: Partial<Found>): Found => ({ kind: 'enterprise', title: '', subtitle: text, ...NOTHING, ...part })

test('every kind opens its card; a cell too fine to be counted opens the one that holds it', () => {
  assert.equal(cardOf(found({ id: 7 })), 'enterprise:7')
  assert.equal(cardOf(found({ kind: 'risk_point', id: 7 })), 'point:7')
  assert.equal(cardOf(found({ kind: 'territory', key: '220113' })), 'territory:220113')
  assert.equal(cardOf(found({ kind: 'cell', code: 'N51KA7581B8' })), 'cell:N51KA7581B8')
  assert.equal(cardOf(found({ kind: 'cell', code: 'N51KA7581B81' })), 'cell:N51KA7581B8')
  assert.equal(cardOf(found({ kind: 'position' })), null)
})

test('a place is seen near by, an area as a whole, and what stands nowhere moves nothing', () => {
  assert.equal(viewOf(found({ at: [125.3, 43.9] }), [1000, 600]), '43.900000,125.300000,16')
  assert.equal(viewOf(found({ bounds: [125, 43, 126, 44] }), [1000, 600]), '43.500000,125.500000,8')
  assert.equal(viewOf(found({}), [1000, 600]), null)
})

test('the filter stays, the card and the view go with the result', () => {
  const present = { grade: 'major', show: 'cell:X', at: '1,2,3', broken: null }
  assert.deepEqual(queryFor(found({ id: 7 }), present, [1000, 600]), { grade: 'major', at: '1,2,3', show: 'enterprise:7' })
})

test('only what could be a position asks for its datum', () => {
  for (const words of ['125.3, 43.9', '43.9 125.3', '125°18′30″E, 43°54′N', '东经125.3度，北纬43.9度']) assert.ok(looksLikePlace(words), words)
  for (const words of ['液氨', '91220101MA0DEM0001', 'N51KA7581B8', '125', '3号楼 2 单元', 'jshg']) assert.ok(!looksLikePlace(words), words)
})
