import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Import } from '../api/wire.ts'
import { assign, isWorkedOn, missingFields, shareDone, stepOf } from './mapping.ts'

const title = { zh: '', en: '' }
const sheet: Import = {
  id: '1',
  filename: 'a.xlsx',
  sha256: '',
  state: 'needs_mapping',
  kind: 'risk_points',
  datum: null,
  sheet: 'a',
  sheets: ['a'],
  columns: [
    { index: 0, heading: '编号', samples: [], field: 'number' },
    { index: 1, heading: '名称', samples: [], field: 'name' },
    { index: 2, heading: '备注', samples: [], field: null },
  ],
  fields: [
    { key: 'number', title, required: true },
    { key: 'name', title, required: true },
    { key: 'lon', title, required: false },
  ],
  preview: null,
  problems: [],
  problems_total: 0,
  problem_counts: [],
  changes: [],
  changes_total: 0,
  notes: [],
  stale: false,
  uploaded_at: '2026-11-22T01:40:00Z',
  committed_at: null,
}

test('a field moves to the column it is given to', () => {
  assert.deepEqual(assign(sheet, 2, 'name'), { number: 0, name: 2, lon: null })
  assert.deepEqual(assign(sheet, 1, 'lon'), { number: 0, name: null, lon: 1 })
})

test('a column can give nothing', () => {
  assert.deepEqual(assign(sheet, 0, null), { number: null, name: 1, lon: null })
})

test('required fields without a column are named', () => {
  assert.deepEqual(missingFields(sheet), [])
  const bare = { ...sheet, columns: sheet.columns.filter((column) => column.field !== 'name') }
  assert.deepEqual(missingFields(bare).map((field) => field.key), ['name'])
})

test('the step follows the state', () => {
  assert.equal(stepOf(null), 'file')
  assert.equal(stepOf({ ...sheet, state: 'needs_kind' }), 'kind')
  assert.equal(stepOf({ ...sheet, state: 'needs_datum' }), 'datum')
  assert.equal(stepOf({ ...sheet, state: 'previewed' }), 'preview')
})

test('work in the service is a step of its own, and its share grows with the rows', () => {
  const progress = { rows: 200, read: 100, checked: 50, written: 0 }
  const checking: Import = { ...sheet, state: 'checking', progress }
  assert.equal(stepOf(checking), 'work')
  assert.equal(isWorkedOn(checking), true)
  assert.equal(isWorkedOn(sheet), false)
  assert.equal(shareDone(checking), 0.375)
  assert.equal(shareDone({ ...checking, progress: { ...progress, rows: null } }), null)
  assert.equal(shareDone({ ...checking, state: 'writing', progress: { rows: 200, read: 200, checked: 200, written: 100 } }), 0.75)
  assert.equal(shareDone({ ...checking, state: 'writing', progress: { rows: 200, read: 200, checked: 200, written: 200 } }), 1)
})
