import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TerritoryNode } from '../api/wire.ts'
import { placesWithin } from './places.ts'

function node(key: string, ...children: TerritoryNode[]): TerritoryNode {
  return { key, code: null, name: key.toUpperCase(), level: 'district', statutory: true, indicative: false, children }
}
const tree = [node('province', node('city', node('east', node('town')), node('west')))]
const named = (...own: string[]): string[] => placesWithin(tree, new Set(own)).map(({ key, depth }) => `${depth}:${key}`)

test('what is above is not to be named, what is below is', () => {
  assert.deepEqual(named('east'), ['0:east', '1:town'])
  assert.deepEqual(named('city'), ['0:city', '1:east', '2:town', '1:west'])
  assert.deepEqual(named('town', 'west'), ['0:town', '0:west'])
  assert.deepEqual(named(), [])
})
