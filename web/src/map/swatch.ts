/** Samples for a legend that nobody can redraw wrongly: the painters themselves paint them. */
import type { Grade } from '../api/wire.ts'
import { paintCells } from './cell-painter.ts'
import { TILE_SIZE, type Box, type XY } from './geography.ts'
import type { Letters } from './ink.ts'
import type { LegendEntry } from './legend.ts'
import { paintOutlines, type OverlaySurface } from './overlay-painter.ts'
import { paintPoints } from './point-painter.ts'
import { sceneAt, STEP_COUNTS, type CellContent } from './style.ts'
import { PointSprites } from './point-sprites.ts'
import type { PointFeature } from './tile-decode.ts'

export interface SwatchManner {
  letters: Letters
  textured: boolean
}

/** Side of one sample: wide enough for a letter. */
export const SWATCH_PX = 22
const STEP_PX = 16
const GAP_PX = 2

/** The counts at which yellow and blue begin a step. */
const STEPS = [1, ...STEP_COUNTS]

function isStepped(entry: LegendEntry): boolean {
  return entry.mark === 'grade' && (entry.grade === 'general' || entry.grade === 'low')
}

export function swatchSize(entry: LegendEntry): XY {
  return isStepped(entry) ? [STEPS.length * (STEP_PX + GAP_PX), SWATCH_PX] : [SWATCH_PX, SWATCH_PX]
}

/** Paints one entry's sample into the upper left corner of a canvas that is scaled to CSS pixels. */
export function paintSwatch(context: CanvasRenderingContext2D, entry: LegendEntry, manner: SwatchManner): void {
  const { mark, grade } = entry
  if (isStepped(entry)) {
    STEPS.forEach((count, i) => {
      const left = i * (STEP_PX + GAP_PX)
      paintSample(context, [left, 3, left + STEP_PX, 3 + STEP_PX], contentOf(grade, count), manner)
    })
  } else if (mark === 'grade') paintSample(context, WHOLE, contentOf(grade, 1), manner)
  else if (mark === 'corner') {
    const content = contentOf('general', STEP_COUNTS[1])
    content.counts.unassessed = 1
    paintSample(context, WHOLE, content, manner)
  } else if (mark === 'crossing') {
    paintSample(context, WHOLE, { ...contentOf(null, 0), crossing: 1, crossingGrade: 'unassessed' }, manner)
  } else paintMark(context, entry, manner)
}

const WHOLE: Box = [0, 0, SWATCH_PX, SWATCH_PX]

function contentOf(grade: Grade | null, count: number): CellContent {
  const counts = { major: 0, large: 0, general: 0, low: 0, unassessed: 0, total: count }
  if (grade) counts[grade] = count
  return { counts, grade, crossing: 0, crossingGrade: null }
}

function paintSample(context: CanvasRenderingContext2D, box: Box, content: CellContent, manner: SwatchManner): void {
  const [left, top, right, bottom] = box
  const inWorld: Box = [left / TILE_SIZE, top / TILE_SIZE, right / TILE_SIZE, bottom / TILE_SIZE]
  paintCells(
    { context, address: { z: 0, x: 0, y: 0 }, ratio: 1 },
    [{ ...content, code: '', level: 4, demo: false, box: inWorld }],
    { mode: 'solid', letters: manner.letters, underPoints: false, textured: manner.textured },
  )
}

/** The zooms at which the two kinds of point symbols are drawn. */
const OVERVIEW_ZOOM = 9
const PLANT_ZOOM = 16

const SPRITES = new PointSprites()

function paintMark(context: CanvasRenderingContext2D, entry: LegendEntry, manner: SwatchManner): void {
  const zoom = entry.mark === 'major-point' ? OVERVIEW_ZOOM : PLANT_ZOOM
  const surface: OverlaySurface = { context, zoom, pixels: 1, origin: [0, 0], size: [SWATCH_PX, SWATCH_PX] }
  const middle = SWATCH_PX / 2
  if (entry.mark === 'zone') {
    const rings: XY[][] = [[[0, middle], [SWATCH_PX, middle]]]
    paintOutlines(surface, [{ key: '', code: null, name: '', level: 'functional_zone', indicative: true, rings }], null)
    return
  }
  const point: PointFeature = {
    id: '',
    number: '',
    name: '',
    grade: entry.grade ?? 'unassessed',
    inherited: entry.mark === 'inherited',
    enterprise: null,
    kind: 'point',
    paths: [[[middle, middle]]],
    tile: { z: 0, x: 0, y: 0 },
  }
  paintPoints(surface, [point], { scene: sceneAt(zoom), letters: manner.letters, sprites: SPRITES })
}
