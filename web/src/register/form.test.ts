import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PointFields } from '../api/wire.ts'
import { changeBody, createBody, differencesOf, draftOf, emptyDraft, emptyEvent, merged } from './form.ts'

const FIELDS: PointFields = {
  id: 7,
  version: 3,
  enterprise: { id: 1, name: '演示一厂', uscc: null },
  site_id: 2,
  number: 'F-1',
  name: '熔炼炉',
  place: '车间',
  position: { kind: 'own', geometry: { type: 'Point', coordinates: [125.3, 43.8] }, anchor: [125.3, 43.8], datum: 'GCJ02', x: '125.31', y: '43.81' },
  territory: { key: '220102', name: '南关区' },
  territory_stated: true,
  managed_by: { key: '220102', name: '南关区' },
  managed_reason: null,
  industries: null,
  control_level: null,
  exposed_workers: 12,
  demo: true,
  events: [{ id: 9, name: '喷溅', accident_edition: 'GB 6441-2025', accident_categories: ['8'], consequence: '', measures: [] }],
  assessments: {},
  changed_by: 'city',
  recorded_from: '2026-11-25T00:00:00Z',
}
const base = (): ReturnType<typeof draftOf> => draftOf(FIELDS, '2026-11-25')

test('opened and left alone nothing is sent', () => {
  assert.equal(changeBody(base(), base()), null)
})

test('only what differs is sent, with a manager and its reason together', () => {
  const draft = { ...base(), name: '熔炼炉一号', exposed_workers: '', managed_by: 'z_jk', managed_reason: '协议' }
  assert.deepEqual(changeBody(base(), draft), {
    assessments: [], name: '熔炼炉一号', exposed_workers: '', managed_by: 'z_jk', managed_reason: '协议',
  }) // prettier-ignore
  assert.deepEqual(changeBody(draft, { ...draft, managed_reason: '新协议' }), {
    assessments: [],
    managed_reason: '新协议',
    managed_by: 'z_jk',
  })
})

test('a territory is withdrawn together with the position that decides then', () => {
  assert.deepEqual(changeBody(base(), { ...base(), territory: '' })?.position, {
    follow_site: false, lon: '125.31', lat: '43.81', datum: 'GCJ02', territory: null,
  }) // prettier-ignore
  assert.equal(changeBody(base(), { ...base(), territory: '220105' })?.territory, '220105')
})

test('a new point follows its site until it is placed', () => {
  const draft = emptyDraft('2026-11-25')
  assert.deepEqual(createBody(draft).position, { follow_site: true })
  assert.deepEqual(createBody(draft).assessments, [])
  const placed = { ...draft, position: { follow_site: false, lon: '1', lat: '2', datum: '' as const, geometry: null } }
  assert.deepEqual(createBody(placed).position, { follow_site: false, lon: '1', lat: '2' })
})

test('two versions are told apart by who changed what, and met field by field', () => {
  const mine = { ...base(), name: '甲', place: '乙', events: [emptyEvent()] }
  const theirs = { ...base(), name: '丙', number: 'F-2' }
  assert.deepEqual(differencesOf(base(), mine, theirs), [
    { key: 'number', by: 'theirs' },
    { key: 'name', by: 'both' },
    { key: 'place', by: 'mine' },
    { key: 'events', by: 'mine' },
  ])
  const met = merged(mine, theirs, new Set(['place', 'events'] as const))
  assert.deepEqual([met.name, met.number, met.place, met.events.length], ['丙', 'F-2', '乙', 1])
})
