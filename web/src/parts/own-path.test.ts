import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownPath } from './own-path.ts'

test('pages of our own keep their whole address', () => {
  for (const path of ['/', '/?at=43.88,125.32,11&grade=major', '/enterprises/27?show=point:8']) assert.equal(ownPath(path), path)
})

test('nothing leads to another site', () => {
  const traps = ['//evil.example', '/\\evil.example', '/\t/evil.example', '/\n/evil.example', 'https://evil.example', 'javascript:alert(1)', 'evil', '', null, ['/x']]
  for (const trap of traps) assert.equal(ownPath(trap), '/')
})
