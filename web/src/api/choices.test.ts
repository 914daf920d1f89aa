import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linesOf, placesOf } from './choices.ts'

const name = (zh: string) => ({ zh, en: zh })

test('a tree becomes lines, each below what holds it', () => {
  const gas = { code: 'gas', name: name('燃气'), children: [{ code: 'pipes', name: name('管网'), children: [] }] }
  const lines = linesOf([gas, { code: 'mine', name: name('矿山'), children: [] }])
  assert.deepEqual(
    lines.map((line) => [line.value, line.depth]),
    [['gas', 0], ['pipes', 1], ['mine', 0]],
  )
})

test('a territory has one name in both languages', () => {
  const town = { key: 't', code: null, name: '某街道', level: 'town', statutory: true, indicative: true, children: [] } as const
  assert.deepEqual(placesOf([{ ...town, children: [] }]), [{ value: 't', name: { zh: '某街道', en: '某街道' }, depth: 0 }])
})
