/** Canvas settings shared by every painter. */

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
