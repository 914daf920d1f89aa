/** The sheet in millimetres, and the scale it is drawn at: pure arithmetic. */
import type { Bounds, LonLat } from '../api/wire.ts'
import { metresPerPixel, worldBox, worldPixels, type XY } from '../map/geography.ts'

export type Paper = 'A3' | 'A4'
export type Turn = 'landscape' | 'portrait'
/** A denominator, the map's own scale, or the one at which all of it fits. */
export type Scale = number | 'map' | 'fit'

export const PAPERS: readonly Paper[] = ['A4', 'A3']
export const TURNS: readonly Turn[] = ['landscape', 'portrait']
/** Long side, short side in millimetres (ISO 216). */
const SIZES: Record<Paper, XY> = { A3: [420, 297], A4: [297, 210] }
/** The scales of China's basic map series between a plant and a prefecture, and 1:200,000, on which a city fits A3. */
export const SCALES = [2000, 5000, 10_000, 25_000, 50_000, 100_000, 200_000, 250_000, 500_000, 1_000_000] as const

/** Office printers leave this much of the edge white. */
const MARGIN_MM = 10

export interface Layout {
  paper: XY
  /** Size of the map's own frame. */
  map: XY
  margin: number
  title: number
  /** Width of the column beside the map, or height of the band below it. */
  legend: number
  /** Everything in words grows with the sheet: 1 on A4. */
  unit: number
}

export function layoutOf(paper: Paper, turn: Turn): Layout {
  const [long, short] = SIZES[paper]
  const unit = paper === 'A3' ? 1.25 : 1
  const size: XY = turn === 'landscape' ? [long, short] : [short, long]
  const title = 15 * unit
  const legend = (turn === 'landscape' ? 64 : 92) * unit
  const width = size[0] - 2 * MARGIN_MM
  const height = size[1] - 2 * MARGIN_MM - title
  const map: XY = turn === 'landscape' ? [width - legend, height] : [width, height - legend]
  return { paper: size, map, margin: MARGIN_MM, title, legend, unit }
}

/** The next rounder scale that shows no less: 1, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten. */
export function rounded(denominator: number): number {
  const power = 10 ** Math.floor(Math.log10(denominator))
  const step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((each) => each * power >= denominator * (1 - 1e-9)) ?? 10
  return Math.round(step * power)
}

/** A CSS pixel is a 96th of an inch. */
const SCREEN_PIXEL_MM = 25.4 / 96
/** On A3 a screen's map is as large as on the screen; A4 shows the same, smaller by the ratio of the sheets. */
const A4_SHARE = Math.SQRT1_2
/** Nothing is drawn closer: a plant of 200 m fills the sheet. */
const NEAREST = 1000

export function scaleOfView(view: { centre: LonLat; zoom: number }, paper: Paper): number {
  const pixelMm = SCREEN_PIXEL_MM * (paper === 'A4' ? A4_SHARE : 1)
  return Math.max(NEAREST, rounded((metresPerPixel(view.centre[1], view.zoom) * 1000) / pixelMm))
}

/** Where a scale must be so that a box fits the frame with a little room, and the box's middle. */
export function fitting(bounds: Bounds, frame: XY): { centre: LonLat; scale: number } {
  const box = worldBox(bounds)
  const centre: LonLat = [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2]
  const metres = metresPerPixel(centre[1], 0) * worldPixels(0)
  const room = 1.06
  const needed = Math.max(((box[2] - box[0]) * metres) / frame[0], ((box[3] - box[1]) * metres) / frame[1]) * 1000 * room
  return { centre, scale: Math.max(NEAREST, rounded(Math.max(needed, NEAREST))) }
}
