/**
 * Paints the cells of one tile.
 *
 * A tile draws everything that touches it in whole, from exact bounds snapped to device pixels that are counted from
 * the world's corner; so the two halves of a cell, a letter or a stripe meet exactly at the edge of two tiles.
 */
import type { Grade } from '../api/wire.ts'
import { gradeFill, gradeInk, cellPaint, LAND, CORNER, LETTER_WIDTH, GAP_WIDTH, type CellPaint } from './style.ts'
import { TILE_SIZE, type Box } from './geography.ts'
import { FONT, type Letters } from './ink.ts'
import { paintEdges, paintTexture } from './texture.ts'
import type { CellFeature } from './tile-decode.ts'
import { place, type TileSurface } from './tile-ground.ts'

/** Share of yellow, blue and grey over a basemap: roads are guessed through it, and yellow stays yellow over forest. */
const OVER_PICTURE = 0.78

export interface CellManner {
  mode: 'solid' | 'frame'
  letters: Letters
  /** Points are drawn over the cells: letters step aside into the corner. */
  underPoints: boolean
  /** Marks of each grade over its colour, for paper that may come out grey. */
  textured?: boolean
  /** Over a basemap yellow, blue and grey let it through a little; red and orange never do. */
  overPicture?: boolean
}

/** The cell's box on the tile in CSS pixels, snapped to device pixels of the whole world. */
function snap(surface: TileSurface, box: Box): Box {
  const { ratio } = surface
  const [left, top] = place(surface, [box[0], box[1]])
  const [right, bottom] = place(surface, [box[2], box[3]])
  const round = (value: number): number => Math.round(value * ratio) / ratio
  return [round(left), round(top), round(right), round(bottom)]
}

export function paintCells(surface: TileSurface, cells: Iterable<CellFeature>, manner: CellManner): void {
  for (const cell of cells) {
    const [left, top, right, bottom] = snap(surface, cell.box)
    const paint = cellPaint(cell, right - left)
    if (!paint) continue
    // A whole number of device pixels, else the line between two cells is grey on 125 % screens.
    const gap = right - left >= GAP_WIDTH ? Math.round(surface.ratio) / surface.ratio : 0
    const inner: Box = [left, top, right - gap, bottom - gap]
    if (manner.mode === 'frame') paintFrame(surface, inner, { paint, cell, letters: manner.letters })
    else paintSolid(surface, inner, { paint, manner, grade: cell.grade })
  }
}

function paintSolid(surface: TileSurface, box: Box, what: { paint: CellPaint; manner: CellManner; grade: Grade | null }): void {
  const { context } = surface
  const { paint, manner, grade } = what
  const [left, top, right, bottom] = box
  if (paint.fill !== null) {
    context.fillStyle = paint.fill
    context.globalAlpha = manner.overPicture && grade !== 'major' && grade !== 'large' ? OVER_PICTURE : 1
    context.fillRect(left, top, right - left, bottom - top)
    context.globalAlpha = 1
    if (manner.textured && grade) paintTexture(context, box, grade)
    else if (grade && right - left < LETTER_WIDTH) paintEdges(context, box, grade, Math.round(surface.ratio) / surface.ratio)
  }
  if (paint.crossing?.mode === 'cell') paintCrossingCell(surface, box, paint.crossing.colour)
  if (paint.crossing?.mode === 'corner') paintCrossingCorner(surface, box, paint.crossing.colour)
  if (paint.corner) paintCorner(context, box)
  if (manner.underPoints) paintCornerLetter(context, box, { paint, letters: manner.letters })
  else paintText(context, box, { paint, letters: manner.letters })
}

/** Stripes within the path the caller has traced: the sign of what only crosses. */
function paintStripes(surface: TileSurface, box: Box, colour: string): void {
  const { context, address } = surface
  const [left, top, right, bottom] = box
  const isSmall = right - left < LETTER_WIDTH
  const period = isSmall ? 4 : 8
  context.save()
  context.clip()
  context.fillStyle = LAND
  context.fillRect(left, top, right - left, bottom - top)
  context.strokeStyle = colour
  context.lineWidth = isSmall ? 1.6 : 3
  context.beginPath()
  // Stripes are the lines x + y = n · period of the whole world, else they would break at the tile's edge.
  const origin = ((address.x + address.y) * TILE_SIZE) % period
  const first = Math.floor((left + top + origin) / period) * period - origin
  for (let sum = first; sum <= right + bottom + period; sum += period) {
    context.moveTo(sum - top + 4, top - 4)
    context.lineTo(sum - bottom - 4, bottom + 4)
  }
  context.stroke()
  context.restore()
}

function paintCrossingCell(surface: TileSurface, box: Box, colour: string): void {
  const { context } = surface
  const [left, top, right, bottom] = box
  const width = right - left < LETTER_WIDTH ? 1 : 1.5
  context.beginPath()
  context.rect(left, top, right - left, bottom - top)
  paintStripes(surface, box, colour)
  context.strokeStyle = colour
  context.lineWidth = width
  context.strokeRect(left + width / 2, top + width / 2, right - left - width, bottom - top - width)
}

/** The lower left corner in the stripes of something worse that crosses and is counted elsewhere. */
function paintCrossingCorner(surface: TileSurface, box: Box, colour: string): void {
  const { context } = surface
  const [left, , right, bottom] = box
  const side = Math.max(4, (right - left) * 0.5)
  context.beginPath()
  context.moveTo(left, bottom - side)
  context.lineTo(left + side, bottom)
  context.lineTo(left, bottom)
  context.closePath()
  paintStripes(surface, [left, bottom - side, left + side, bottom], colour)
  context.beginPath()
  context.moveTo(left, bottom - side)
  context.lineTo(left + side, bottom)
  context.strokeStyle = LAND
  context.lineWidth = 1.5
  context.stroke()
}

function paintCorner(context: CanvasRenderingContext2D, box: Box): void {
  const [left, top, right] = box
  const side = Math.min(12, Math.max(3, (right - left) * 0.34))
  context.beginPath()
  context.moveTo(right, top)
  context.lineTo(right, top + side)
  context.lineTo(right - side, top)
  context.closePath()
  context.fillStyle = CORNER
  context.fill()
  if (side < 6) return
  context.beginPath()
  context.moveTo(right - side, top)
  context.lineTo(right, top + side)
  context.strokeStyle = LAND
  context.lineWidth = 1
  context.stroke()
}

function paintText(context: CanvasRenderingContext2D, box: Box, what: { paint: CellPaint; letters: Letters }): void {
  const { paint, letters } = what
  const [left, top, right, bottom] = box
  const lines: [string, string][] = []
  const width = right - left
  const letterSize = Math.min(18, Math.max(12, Math.round(width * 0.38)))
  if (paint.letter) lines.push([letters[paint.letter], `700 ${letterSize}px ${FONT}`])
  if (paint.count !== null) lines.push([String(paint.count), `500 ${width >= 48 ? 13 : 12}px ${FONT}`])
  context.fillStyle = paint.ink
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  const middle = (top + bottom) / 2 + 0.5
  const spacing = 17
  lines.forEach(([line, font], i) => {
    context.font = font
    context.fillText(line, (left + right) / 2, middle + (i - (lines.length - 1) / 2) * spacing)
  })
}

function paintCornerLetter(
  context: CanvasRenderingContext2D,
  box: Box,
  what: { paint: CellPaint; letters: Letters },
): void {
  if (!what.paint.letter) return
  context.fillStyle = what.paint.ink
  context.font = `700 11px ${FONT}`
  context.textAlign = 'left'
  context.textBaseline = 'top'
  context.fillText(what.letters[what.paint.letter], box[0] + 3, box[1] + 3)
}

function paintFrame(
  surface: TileSurface,
  box: Box,
  what: { paint: CellPaint; cell: CellFeature; letters: Letters },
): void {
  const { context } = surface
  const [left, top, right, bottom] = box
  const { cell, paint, letters } = what
  const grade = cell.grade ?? cell.crossingGrade ?? 'unassessed'
  const isCrossing = paint.crossing?.mode === 'cell'
  context.strokeStyle = gradeFill(grade)
  context.lineWidth = 3
  if (isCrossing) context.setLineDash([8, 5])
  context.strokeRect(left + 2, top + 2, right - left - 4, bottom - top - 4)
  context.setLineDash([])
  const label = isCrossing ? letters[grade] : `${letters[grade]} ${cell.counts[grade]}`
  context.font = `700 12px ${FONT}`
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  const width = context.measureText(label).width + 10
  context.fillStyle = gradeFill(grade)
  context.fillRect(left + 1, top + 1, width, 19)
  context.fillStyle = gradeInk(grade)
  context.fillText(label, left + 6, top + 11)
}
