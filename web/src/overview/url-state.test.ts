import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_FILTER, filterQuery, isFiltered, without, type Filter } from '../api/filter.ts'
import { GRADES, toggleGrade } from '../api/grades.ts'
import { ALL_LAYERS, formatState, parseState, type UrlState } from './url-state.ts'

const PLAIN: UrlState = {
  view: null,
  filter: NO_FILTER,
  layers: ALL_LAYERS,
  selection: null,
  list: null,
}

const EVERYTHING: Filter = {
  basis: 'inherent',
  view: 'managed',
  grades: ['low'],
  territory: '220113',
  managing: 'z_jk',
  industries: ['chemicals', 'gas'],
  accidents: ['01', '14'],
  controls: ['company'],
  owner: 'region',
  positions: ['inherited', 'none'],
  overdue: false,
  enterprise: '42',
  text: '液氨 & 50%',
}

test('an empty address is the plain map, and the plain map is an empty address', () => {
  assert.deepEqual(parseState({}), PLAIN)
  assert.deepEqual(formatState(PLAIN), {})
})

test('every state comes back from its address', () => {
  const states: UrlState[] = [
    { ...PLAIN, view: { centre: [125.32, 43.88], zoom: 11 } },
    { ...PLAIN, filter: { ...NO_FILTER, basis: 'current', view: 'managed', grades: ['major', 'unassessed'] } },
    {
      ...PLAIN,
      layers: { territories: true, cells: false, points: false, enterprises: true, worstFill: true, basemap: false },
    },
    { ...PLAIN, selection: { kind: 'cell', code: 'N51KA7581B8' } },
    { ...PLAIN, selection: { kind: 'territory', key: 'zone:jingkai' } },
    { ...PLAIN, selection: { kind: 'point', id: '42' } },
    { ...PLAIN, filter: EVERYTHING },
    { ...PLAIN, list: { name: 'points', sort: null } },
    { ...PLAIN, list: { name: 'enterprises', sort: { by: 'overdue', isDescending: true } } },
    { ...PLAIN, selection: { kind: 'enterprise', id: '7' } },
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

test('a filter in an address is the query of every door', () => {
  assert.equal(
    filterQuery(EVERYTHING),
    'basis=inherent&view=managed&grade=low&territory=220113&managing=z_jk&industry=chemicals,gas&accident=01,14' +
      '&control=company&owner=region&position=inherited,none&overdue=false&enterprise=42&text=%E6%B6%B2%E6%B0%A8%20%26%2050%25',
  )
  const swapped = { ...EVERYTHING, industries: ['gas', 'chemicals'], positions: ['none', 'inherited'] } as const
  assert.equal(filterQuery(swapped), filterQuery(EVERYTHING))
})

test('what names nothing filters nothing', () => {
  const nonsense = { territory: 'a b', industry: 'x y,,;', owner: 'me', position: 'here', overdue: '1', enterprise: '-3', list: 'all', sort: 'A' }
  assert.deepEqual(parseState(nonsense), PLAIN)
})

test('each condition is taken back for itself', () => {
  assert.ok(isFiltered(EVERYTHING))
  assert.ok(!isFiltered({ ...NO_FILTER, basis: 'current', view: 'managed' }))
  assert.deepEqual({ ...EVERYTHING, ...without('industries') }, { ...EVERYTHING, industries: [] })
  assert.ok(isFiltered({ ...NO_FILTER, overdue: false }))
})

test('switching the last grade off brings all of them back', () => {
  assert.deepEqual(toggleGrade(GRADES, 'low'), ['major', 'large', 'general', 'unassessed'])
  assert.deepEqual(toggleGrade(['major'], 'low'), ['major', 'low'])
  assert.deepEqual(toggleGrade(['major'], 'major'), [...GRADES])
})
