/**
 * How a place is drawn: the zoom table and the drawing rule, as pure decisions.
 *
 * A cell is filled by its worst assessed grade. Red and orange are always solid, because a fading red is pink
 * and says the wrong thing; yellow and blue step by the count of that grade. Colour is never alone: letters,
 * counts and a corner mark stand beside it.
 */
import palette from '../../palette.json' with { type: 'json' }
import type { Counts, Grade } from '../api/wire.ts'
import type { CellLevel } from './beidou.ts'
import { worldPixels } from './geography.ts'

export interface Scene {
  /** Level of the cells drawn; null where districts speak instead. */
  cellLevel: CellLevel | null
  /** At plant scale the cell steps back to a frame, so that points and areas are seen. */
  cellMode: 'solid' | 'frame'
  /** Red points as symbols over districts, or every point. */
  points: 'major' | 'none' | 'all'
  /** Names of districts carry their four counts. */
  districtCounts: boolean
}

export const FIRST_CELL_ZOOM = 10
export const FIRST_POINT_ZOOM = 15
/** Farther out the sites of a city cover each other and everything else. */
export const FIRST_ENTERPRISE_ZOOM = 12
const FIRST_LEVEL_5_ZOOM = 13
const FIRST_FRAME_ZOOM = 17

export function sceneAt(zoom: number): Scene {
  const cellLevel = zoom < FIRST_CELL_ZOOM ? null : zoom < FIRST_LEVEL_5_ZOOM ? 4 : 5
  return {
    cellLevel,
    cellMode: zoom >= FIRST_FRAME_ZOOM ? 'frame' : 'solid',
    points: zoom >= FIRST_POINT_ZOOM ? 'all' : cellLevel === null ? 'major' : 'none',
    districtCounts: zoom <= FIRST_CELL_ZOOM,
  }
}

/** Counts of the same grade from which yellow and blue are drawn one step stronger: 1–2, 3–6, 7 and more. */
export const STEP_COUNTS = [3, 7] as const
/** Share of the full colour over the land colour, by step. */
export const STEP_SHARES = [0.6, 0.8, 1] as const
/** From this width in pixels a red or orange cell carries its letter. */
export const LETTER_WIDTH = 20
/** From this width there is room for the count under the letter. */
export const COUNT_WIDTH = 40
/** Whether the cells of a zoom are too small for letters: red and orange have marks at their edges then. */
export function cellsAreSmall(zoom: number): boolean {
  const { cellLevel, cellMode } = sceneAt(zoom)
  if (cellLevel === null || cellMode !== 'solid') return false
  // GB/T 39409: level 4 is 1 minute wide, level 5 is 4 seconds.
  const degrees = cellLevel === 4 ? 1 / 60 : 4 / 3600
  return (degrees / 360) * worldPixels(zoom) < LETTER_WIDTH
}
/** Below this width cells touch; above it a line of land parts them. */
export const GAP_WIDTH = 6

export const LAND = palette.surfaces.land
export const INK = palette.inks.ink
export const CORNER = palette.inks.muted

export function gradeFill(grade: Grade): string {
  return palette.grades[grade].fill
}

export function gradeInk(grade: Grade): string {
  return palette.grades[grade].ink
}

function channels(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

/** A colour laid over another with a share of 0 to 1, as an opaque `#RRGGBB`. */
export function mix(over: string, under: string, share: number): string {
  const top = channels(over)
  const ground = channels(under)
  const mixed = top.map((value, i) => Math.round(value * share + (ground[i] ?? 0) * (1 - share)))
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`.toUpperCase()
}

export function stepShare(count: number): number {
  if (count >= STEP_COUNTS[1]) return STEP_SHARES[2]
  return count >= STEP_COUNTS[0] ? STEP_SHARES[1] : STEP_SHARES[0]
}

/** The colour of a place whose worst grade occurs `count` times; opaque, so that what lies below never tints it. */
export function fillOf(grade: Grade, count: number): string {
  const full = gradeFill(grade)
  if (grade !== 'general' && grade !== 'low') return full
  return mix(full, LAND, stepShare(count))
}

/** Relative luminance, WCAG 2.2. */
export function luminance(hex: string): number {
  const [r, g, b] = channels(hex).map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Contrast ratio of two colours, WCAG 2.2. */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** The ink that reads best on a stepped fill: the grade's own, unless the step has made the ground too light. */
export function inkOn(fill: string, grade: Grade): string {
  const own = gradeInk(grade)
  return contrast(own, fill) >= contrast(INK, fill) ? own : INK
}

export interface CellContent {
  counts: Counts
  grade: Grade | null
  /** Lines and areas that cross the cell and are counted elsewhere. */
  crossing: number
  crossingGrade: Grade | null
}

export interface CellPaint {
  fill: string | null
  ink: string
  /** Grade whose letter is written. */
  letter: Grade | null
  count: number | null
  /** Something in the cell is not assessed. */
  corner: boolean
  /** The whole cell striped where only something crosses; a corner of it where that is worse than what is counted. */
  crossing: { mode: 'cell' | 'corner'; colour: string } | null
}

function worseThan(one: Grade, other: Grade | null): boolean {
  const order: Grade[] = ['major', 'large', 'general', 'low', 'unassessed']
  return other === null || order.indexOf(one) < order.indexOf(other)
}

/** What one cell looks like, `width` being its width on the screen in pixels; null = nothing is drawn. */
export function cellPaint(cell: CellContent, width: number): CellPaint | null {
  const { grade, crossing, crossingGrade } = cell
  const registered = cell.counts.total > 0 && grade !== null
  if (!registered && crossing === 0) return null
  if (!registered) {
    const colour = gradeFill(crossingGrade ?? 'unassessed')
    return { fill: null, ink: INK, letter: null, count: null, corner: false, crossing: { mode: 'cell', colour } }
  }
  const count = cell.counts[grade]
  const fill = fillOf(grade, count)
  const worseCrossing = crossing > 0 && crossingGrade !== null && worseThan(crossingGrade, grade)
  return {
    fill,
    ink: inkOn(fill, grade),
    letter: width >= LETTER_WIDTH && (grade === 'major' || grade === 'large') ? grade : null,
    count: width >= COUNT_WIDTH ? count : null,
    corner: cell.counts.unassessed > 0 && grade !== 'unassessed',
    crossing: worseCrossing ? { mode: 'corner', colour: gradeFill(crossingGrade) } : null,
  }
}
