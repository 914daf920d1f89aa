import assert from 'node:assert/strict'
import { test } from 'node:test'
import palette from '../../palette.json' with { type: 'json' }
import { GRADES } from '../api/grades.ts'
import type { Counts, Grade } from '../api/wire.ts'
import { cellPaint, contrast, fillOf, gradeFill, inkOn, luminance, mix, sceneAt, LAND } from './style.ts'

/** Text of the map and the rail is small: WCAG 2.2 AA asks for 4.5. */
const TEXT_CONTRAST = 4.5

function counts(part: Partial<Counts>): Counts {
  const all = { major: 0, large: 0, general: 0, low: 0, unassessed: 0, ...part }
  return { ...all, total: all.major + all.large + all.general + all.low + all.unassessed }
}

function cell(part: Partial<Counts>, grade: Grade | null, crossing = 0, crossingGrade: Grade | null = null) {
  return { counts: counts(part), grade, crossing, crossingGrade }
}

test('every ink reads on its ground', () => {
  for (const grade of GRADES) {
    const { fill, ink } = palette.grades[grade]
    assert.ok(contrast(ink, fill) >= TEXT_CONTRAST, `${grade} ${contrast(ink, fill).toFixed(2)}`)
    for (const count of [1, 3, 7]) {
      const stepped = fillOf(grade, count)
      const ratio = contrast(inkOn(stepped, grade), stepped)
      assert.ok(ratio >= TEXT_CONTRAST, `${grade} × ${count}: ${ratio.toFixed(2)}`)
    }
  }
  for (const ink of ['ink', 'muted', 'faint', 'accent', 'alert'] as const) {
    for (const ground of ['surface', 'land', 'hover'] as const) {
      const pairing = contrast(palette.inks[ink], palette.surfaces[ground])
      const needed = ink === 'faint' && ground === 'hover' ? 4 : TEXT_CONTRAST
      assert.ok(pairing >= needed, `${ink} on ${ground}: ${pairing.toFixed(2)}`)
    }
  }
  assert.ok(contrast(palette.inks['accent-ink'], palette.inks.accent) >= TEXT_CONTRAST)
})

test('the four colours stay apart in a grey print where letters do not help', () => {
  // Red and blue are close in grey; the letter on every red cell tells them apart. Yellow and blue have none.
  assert.ok(luminance(gradeFill('general')) > 2.5 * luminance(gradeFill('low')))
  assert.ok(luminance(gradeFill('large')) > 2 * luminance(gradeFill('major')))
})

test('only the four grades are saturated', () => {
  const chroma = (hex: string): number => {
    const value = Number.parseInt(hex.slice(1), 16)
    const parts = [value >> 16, (value >> 8) & 255, value & 255]
    return Math.max(...parts) - Math.min(...parts)
  }
  for (const colour of [...Object.values(palette.surfaces), palette.grades.unassessed.fill]) {
    assert.ok(chroma(colour) <= 24, colour)
  }
})

test('red and orange are solid at every count; yellow and blue step', () => {
  for (const count of [1, 2, 3, 6, 7, 5000]) {
    assert.equal(fillOf('major', count), palette.grades.major.fill)
    assert.equal(fillOf('large', count), palette.grades.large.fill)
  }
  assert.equal(fillOf('general', 2), mix(gradeFill('general'), LAND, 0.6))
  assert.equal(fillOf('general', 3), mix(gradeFill('general'), LAND, 0.8))
  assert.equal(fillOf('low', 6), mix(gradeFill('low'), LAND, 0.8))
  assert.equal(fillOf('low', 7), palette.grades.low.fill)
  assert.equal(mix('#000000', '#FFFFFF', 0.5), '#808080')
})

test('a cell speaks by its worst grade, letter, count and corner', () => {
  const red = cellPaint(cell({ major: 2, low: 40, unassessed: 1 }, 'major'), 48)
  assert.deepEqual(red, {
    fill: palette.grades.major.fill,
    ink: '#FFFFFF',
    letter: 'major',
    count: 2,
    corner: true,
    crossing: null,
  })
  assert.equal(cellPaint(cell({ large: 1 }, 'large'), 19)?.letter, null)
  assert.equal(cellPaint(cell({ large: 1 }, 'large'), 20)?.letter, 'large')
  assert.equal(cellPaint(cell({ general: 9 }, 'general'), 24)?.count, null)
  assert.equal(cellPaint(cell({ general: 9 }, 'general'), 48)?.letter, null)
})

test('not assessed is grey, never blue; nothing registered is nothing drawn', () => {
  const grey = cellPaint(cell({ unassessed: 3 }, 'unassessed'), 48)
  assert.equal(grey?.fill, palette.grades.unassessed.fill)
  assert.equal(grey?.corner, false)
  assert.equal(cellPaint(cell({}, null), 48), null)
})

test('what only crosses is striped and never filled; a worse crossing takes a corner', () => {
  const crossed = cellPaint(cell({}, null, 1, 'major'), 48)
  assert.equal(crossed?.fill, null)
  assert.deepEqual(crossed?.crossing, { mode: 'cell', colour: palette.grades.major.fill })
  const both = cellPaint(cell({ low: 1 }, 'low', 1, 'large'), 48)
  assert.deepEqual(both?.crossing, { mode: 'corner', colour: palette.grades.large.fill })
  assert.equal(cellPaint(cell({ major: 1 }, 'major', 1, 'low'), 48)?.crossing, null)
})

test('the zoom table', () => {
  assert.deepEqual([8, 9, 10, 12, 13, 16, 18].map((zoom) => sceneAt(zoom).cellLevel), [null, null, 4, 4, 5, 5, 5])
  assert.deepEqual(
    [9, 10, 14, 15, 18].map((zoom) => sceneAt(zoom).points),
    ['major', 'none', 'none', 'all', 'all'],
  )
  assert.equal(sceneAt(16).cellMode, 'solid')
  assert.equal(sceneAt(17).cellMode, 'frame')
})
