import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_FILTER } from '../../api/filter.ts'
import { GRADES } from '../../api/grades.ts'
import { filterOf, nextSort } from './lists.ts'

test('a ready-made list narrows the filter and never widens it', () => {
  assert.deepEqual(filterOf(NO_FILTER, 'points'), NO_FILTER)
  assert.deepEqual(filterOf(NO_FILTER, 'major')?.grades, ['major'])
  assert.deepEqual(filterOf(NO_FILTER, 'overdue')?.overdue, true)
  assert.deepEqual(filterOf({ ...NO_FILTER, positions: ['own', 'none'] }, 'unlocated')?.positions, ['none'])
  assert.deepEqual(filterOf({ ...NO_FILTER, grades: ['low'] }, 'overdue')?.grades, ['low'])
  assert.deepEqual(filterOf({ ...NO_FILTER, grades: GRADES, text: 'x' }, 'major')?.text, 'x')
})

test('a list that the filter excludes has no rows, not those of another filter', () => {
  assert.equal(filterOf({ ...NO_FILTER, grades: ['low'] }, 'major'), null)
  assert.equal(filterOf({ ...NO_FILTER, positions: ['own'] }, 'unlocated'), null)
  assert.equal(filterOf({ ...NO_FILTER, overdue: false }, 'overdue'), null)
})

test('a column sorts upwards, downwards, then not at all', () => {
  const up = nextSort(null, 'name')
  const down = nextSort(up, 'name')
  assert.deepEqual([up, down], [{ by: 'name', isDescending: false }, { by: 'name', isDescending: true }])
  assert.equal(nextSort(down, 'name'), null)
  assert.deepEqual(nextSort(down, 'grade'), { by: 'grade', isDescending: false })
})
