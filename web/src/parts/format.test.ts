import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReasonItem } from '../api/wire.ts'
import { barPercent, formulaOf, minuteOf, placeOf } from './format.ts'

const text = { zh: '', en: '' }
const axes = (...values: [string, string][]): ReasonItem => ({
  rule: 'inputs',
  axes: values.map(([axis, value]) => ({ axis, title: text, value, text })),
})
const combine = (expression: string): ReasonItem => ({ rule: 'combine', expression, score: '720' })
const band = (words: string): ReasonItem => ({
  rule: 'band',
  grade: 'major',
  low: '320',
  low_closed: false,
  high: null,
  high_closed: false,
  text: words,
})

test('a formula names its axes and its band', () => {
  const reasons = [axes(['L', '3'], ['E', '6'], ['C', '40']), combine('3 × 6 × 40 = 720'), band('> 320')]
  assert.equal(formulaOf(reasons), 'L 3 × E 6 × C 40 = 720 > 320')
})

test('decimals keep together', () => {
  assert.equal(formulaOf([axes(['L', '0.5'], ['E', '6']), combine('0.5 × 6 = 3')]), 'L 0.5 × E 6 = 3')
})

test('an expression that does not follow the inputs stays as the method gave it', () => {
  assert.equal(formulaOf([axes(['L', '3']), combine('max(3, 4) = 4')]), 'max(3, 4) = 4')
  assert.equal(formulaOf([axes(['L', '4'], ['S', '3']), combine('3 × 4 = 12'), band('9–12')]), '3 × 4 = 12')
  assert.equal(formulaOf([band('> 320')]), null)
})

test('times and places', () => {
  assert.match(minuteOf('2026-11-22T09:40:12Z'), /^2026-11-2[123] \d\d:\d\d$/)
  assert.equal(minuteOf('unknown'), 'unknown')
  assert.equal(placeOf([125.4026, 43.859]), '125.40260°E 43.85900°N')
  assert.equal(placeOf([-43.1729, -22.9068], 4), '43.1729°W 22.9068°S')
})

test('a bar is never invisible and never longer than whole', () => {
  assert.equal(barPercent(0, 100), 0)
  assert.equal(barPercent(1, 100_000), 1.5)
  assert.equal(barPercent(100, 100), 100)
})
