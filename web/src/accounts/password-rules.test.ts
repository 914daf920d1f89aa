import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstPassword, passwordRules } from './password-rules.ts'

function broken(password: string, login = 'zhang'): string[] {
  return passwordRules(password, login).filter(({ isKept }) => !isKept).map(({ rule }) => rule)
}

test('each rule is told for itself', () => {
  assert.deepEqual(broken('four-colours-2026'), [])
  assert.deepEqual(broken('short-1'), ['length'])
  assert.deepEqual(broken('a'.repeat(129)), ['length', 'variety'])
  assert.deepEqual(broken('1212121212'), ['variety'])
  assert.deepEqual(broken('my-Zhang-2026'), ['login'])
  assert.deepEqual(broken('my-wu-2026-river', 'wu'), [])
  assert.deepEqual(broken(''), ['length', 'variety', 'login'])
})

test('a first password keeps the rules and is another each time', () => {
  const made = new Set(Array.from({ length: 50 }, () => firstPassword()))
  assert.equal(made.size, 50)
  for (const password of made) {
    assert.match(password, /^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/)
    assert.deepEqual(broken(password), [])
  }
})

test('a first password takes no byte that would favour a letter', () => {
  let call = 0
  const made = firstPassword((bytes) => bytes.fill(call++ === 0 ? 255 : 1))
  assert.equal(made, 'bbbb-bbbb-bbbb-bbbb')
})
