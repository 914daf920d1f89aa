import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EnterpriseFields, SiteFields } from '../api/wire.ts'
import { addedSites, changeBody, createBody, differencesOf, firmOf, merged, siteOf } from './firm.ts'

const SITE: SiteFields = {
  id: 5, version: 2, number: '1', name: '一厂', address: '演示路 1 号', position: [125.35, 43.86], datum: 'GCJ02', x: '125.36', y: '43.87',
  area: null, territory: { key: '220102', name: '南关区' }, territory_stated: true, contact: '张某', phone: '',
} // prettier-ignore
const FIELDS: EnterpriseFields = {
  id: 3, version: 4, uscc: null, name: '演示化工', industries: ['chemicals'], economy_code: null, employees: 12, demo: true,
  changed_by: 'city', recorded_from: '2026-11-25T00:00:00Z', sites: [SITE],
} // prettier-ignore
const base = (): ReturnType<typeof firmOf> => firmOf(FIELDS)

test('opened and left alone nothing is sent', () => {
  assert.deepEqual(changeBody(FIELDS, base(), base()), {})
})

test('a change of the enterprise does not speak of its sites', () => {
  assert.deepEqual(changeBody(FIELDS, base(), { ...base(), employees: '' }), { employees: '' })
})

test('every site that was seen goes with its version, and what differs of it', () => {
  const [first] = base().sites
  assert.ok(first)
  const nowhere = { ...first.position, lon: '', lat: '' }
  const draft = { ...base(), sites: [{ ...first, territory: '', position: nowhere }, { ...siteOf(null), name: '二厂' }] }
  assert.deepEqual(changeBody(FIELDS, base(), draft), {
    sites: [{ id: 5, version: 2, territory: '', position: null }, { name: '二厂' }],
  })
})

test('a new enterprise has a site of which nothing may be known', () => {
  assert.deepEqual(createBody({ ...firmOf(null), name: '新' }), {
    name: '新', uscc: '', industries: [], economy_code: '', employees: '', sites: [{}],
  }) // prettier-ignore
})

test('two versions meet field by field, sites by their id, and nobody loses a site', () => {
  const [first] = base().sites
  assert.ok(first)
  const mine = { ...base(), name: '我的', sites: [{ ...first, phone: '110' }, { ...siteOf(null), name: '我加的' }] }
  const theirs = firmOf({ ...FIELDS, employees: 13, sites: [{ ...SITE, phone: '119', contact: '李某' }, { ...SITE, id: 9, number: '2', name: '他加的' }] })
  assert.deepEqual(
    differencesOf(base(), mine, theirs).map(({ key, by }) => [key, by]),
    [['name', 'mine'], ['employees', 'theirs'], ['5.contact', 'theirs'], ['5.phone', 'both']],
  ) // prettier-ignore
  assert.deepEqual(addedSites(mine, theirs).map(({ name }) => name), ['他加的']) // prettier-ignore
  const met = merged(mine, theirs, new Set(['name', '5.phone'] as const))
  assert.deepEqual([met.name, met.employees], ['我的', '13'])
  assert.deepEqual(
    met.sites.map(({ name, contact, phone }) => [name, contact, phone]),
    [['一厂', '李某', '110'], ['他加的', '张某', ''], ['我加的', '', '']],
  ) // prettier-ignore
})
