import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GRADES, filterQuery, toggleGrade } from '../api/grades.ts'
import { ALL_LAYERS, formatState, parseState, type UrlState } from './url-state.ts'

const PLAIN: UrlState = {
  view: null,
  filter: { basis: 'assessed', view: 'located', grades: GRADES },
  layers: ALL_LAYERS,
  selection: null,
}

test('an empty address is the plain map, and the plain map is an empty address', () => {
  assert.deepEqual(parseState({}), PLAIN)
  assert.deepEqual(formatState(PLAIN), {})
})

test('every state comes back from its address', () => {
  const states: UrlState[] = [
    { ...PLAIN, view: { centre: [125.32, 43.88], zoom: 11 } },
    { ...PLAIN, filter: { basis: 'current', view: 'managed', grades: ['major', 'unassessed'] } },
    { ...PLAIN, layers: { territories: true, cells: false, points: false, worstFill: true, basemap: false } },
    { ...PLAIN, selection: { kind: 'cell', code: 'N51KA7581B8' } },
    { ...PLAIN, selection: { kind: 'territory', key: 'zone:jingkai' } },
    { ...PLAIN, selection: { kind: 'point', id: '42' } },
    { ...PLAIN, selection: { kind: 'stack', ids: ['1', '2'] } },
  ]
  for (const state of states) assert.deepEqual(parseState(formatState(state)), state)
})

test('nonsense in an address is ignored, never an error', () => {
  const nonsense = { at: '91,500,3', basis: 'x', view: '', grade: 'red,blue', off: 'all', show: 'cell:', fill: '1' }
  assert.deepEqual(parseState(nonsense), PLAIN)
  assert.equal(parseState({ at: '43.8,125.3' }).view, null)
  assert.equal(parseState({ at: '43.8,125.3,11.5' }).view, null)
  assert.deepEqual(parseState({ grade: ['low,major', null] }).filter.grades, ['major', 'low'])
})

test('equal filters are equal queries; all grades are no query', () => {
  assert.equal(filterQuery(PLAIN.filter), 'basis=assessed&view=located')
  const some = filterQuery({ ...PLAIN.filter, grades: ['low', 'major'] })
  assert.equal(some, 'basis=assessed&view=located&grade=major,low')
})

test('switching the last grade off brings all of them back', () => {
  assert.deepEqual(toggleGrade(GRADES, 'low'), ['major', 'large', 'general', 'unassessed'])
  assert.deepEqual(toggleGrade(['major'], 'low'), ['major', 'low'])
  assert.deepEqual(toggleGrade(['major'], 'major'), [...GRADES])
})
