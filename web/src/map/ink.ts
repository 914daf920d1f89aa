/** Canvas settings shared by every painter. */
import type { Grade } from '../api/wire.ts'
import type { XY } from './geography.ts'
import { gradeInk } from './style.ts'

export const FONT =
  '"Source Han Sans SC","Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif'

/** Ratios beyond two cost memory and time on machines without a GPU and show nothing more. */
const LARGEST_RATIO = 2
/** Steps of a quarter keep tile canvases whole in device pixels at the usual 125 % and 150 % screens. */
const RATIO_STEPS = 4

/** Device pixels of a canvas for one CSS pixel. */
export function canvasRatio(deviceRatio: number): number {
  return Math.min(LARGEST_RATIO, Math.max(1, Math.ceil(deviceRatio * RATIO_STEPS) / RATIO_STEPS))
}

export type Letters = Record<'major' | 'large' | 'general' | 'low' | 'unassessed', string>

/** Traces a rounded rectangle; `roundRect` itself is too young for the browsers of many offices. */
export function traceRounded(
  context: CanvasRenderingContext2D,
  box: readonly [left: number, top: number, width: number, height: number],
  radius: number,
): void {
  const [left, top, width, height] = box
  const corner = Math.min(radius, width / 2, height / 2)
  context.beginPath()
  context.moveTo(left + corner, top)
  context.arcTo(left + width, top, left + width, top + height, corner)
  context.arcTo(left + width, top + height, left, top + height, corner)
  context.arcTo(left, top + height, left, top, corner)
  context.arcTo(left, top, left + width, top, corner)
  context.closePath()
}

export function paintLetter(context: CanvasRenderingContext2D, at: XY, what: { grade: Grade; letters: Letters; size: number }): void {
  context.fillStyle = gradeInk(what.grade)
  context.font = `700 ${what.size}px ${FONT}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(what.letters[what.grade], at[0], at[1])
}
