import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowChanges } from './differences.ts'

test('only what differs is told, whatever the order of the rows', () => {
  const changes = rowChanges({
    before: [{ id: 2, name: 'b', phone: null }, { id: 1, name: 'a', phone: '…12' }],
    after: [{ id: 1, name: 'A', phone: '…12' }, { id: 2, name: 'b', phone: '…34' }],
  })
  assert.deepEqual(changes, [
    { id: 1, hasBefore: true, fields: [{ field: 'name', before: 'a', after: 'A' }] },
    { id: 2, hasBefore: true, fields: [{ field: 'phone', before: '', after: '…34' }] },
  ])
})

test('a new row and one that is gone are told whole, without empty fields', () => {
  const row = { person_id: 7, role: 'officer', area: null, industries: ['gas'] }
  const fields = (side: 'before' | 'after') =>
    [['person_id', '7'], ['role', 'officer'], ['industries', '["gas"]']].map(([field, value]) => ({ field, before: '', after: '', [side]: value }))
  assert.deepEqual(rowChanges({ before: null, after: [row] }), [{ id: 7, hasBefore: false, fields: fields('after') }])
  assert.deepEqual(rowChanges({ before: [row], after: null }), [{ id: 7, hasBefore: true, fields: fields('before') }])
})

test('a record of something that changed no row has none', () => {
  assert.deepEqual(rowChanges({ before: null, after: null }), [])
})
