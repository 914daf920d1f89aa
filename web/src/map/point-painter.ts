/** Paints risk points: symbols, stacks of them, lines and areas. */
import { badgesOf, LETTERED_AREA_PX } from './badges.ts'
import { clipRing } from './clip.ts'
import type { Box, XY } from './geography.ts'
import { paintLetter, type Letters } from './ink.ts'
import { onCanvas, strokeCased, traceLines, windowOf, type OverlaySurface } from './overlay-painter.ts'
import { gradeFill, INK } from './style.ts'
import type { PointManner } from './point-sprites.ts'
import { symbolRadius, symbolsOf } from './symbols.ts'
import type { PointFeature } from './tile-decode.ts'

export function paintPoints(surface: OverlaySurface, points: readonly PointFeature[], manner: PointManner): void {
  // Over districts a line or an area is smaller than a symbol, so it is one.
  const isPlantScale = manner.scene.points === 'all'
  if (isPlantScale) paintShapes(points, (shape) => withinTile(surface, shape, (tile) => paintShape(surface, shape, { tile, letters: manner.letters })))
  const symbols = isPlantScale ? points.filter((point) => point.kind === 'point') : points
  if (isPlantScale) manner.sprites.stampBadges(surface, badgesOf(points, surface.zoom), manner)
  manner.sprites.stampSymbols(surface, symbolsOf(symbols, surface.zoom), manner)
}

/** The shapes of one tile on a surface that is that tile. */
export function paintTileShapes(surface: OverlaySurface, points: readonly PointFeature[], letters: Letters): void {
  const tile: Box = [0, 0, surface.size[0], surface.size[1]]
  paintShapes(points, (shape) => paintShape(surface, shape, { tile, letters }))
}

/** Areas below lines. */
function paintShapes(points: readonly PointFeature[], paint: (shape: PointFeature) => void): void {
  for (const kind of ['area', 'line'] as const) for (const point of points) if (point.kind === kind) paint(point)
}

function paintShape(surface: OverlaySurface, shape: PointFeature, what: { tile: Box; letters: Letters }): void {
  if (shape.kind === 'area') paintArea(surface, shape, what)
  else paintLine(surface, shape)
}

/** Shapes may be cut somewhere beyond their tile's edge: each tile's piece is drawn within that tile only. */
function withinTile(surface: OverlaySurface, shape: PointFeature, paint: (tile: Box) => void): void {
  const { context } = surface
  const side = 2 ** shape.tile.z
  const [left, top] = onCanvas(surface, [shape.tile.x / side, shape.tile.y / side])
  context.save()
  context.beginPath()
  const width = surface.pixels / side
  context.rect(Math.round(left), Math.round(top), width, width)
  context.clip()
  paint([left, top, left + width, top + width])
  context.restore()
}

function paintArea(surface: OverlaySurface, area: PointFeature, what: { tile: Box; letters: Letters }): void {
  const { context } = surface
  context.beginPath()
  for (const ring of area.paths) {
    const clipped = clipRing(ring.map((world) => onCanvas(surface, world)), windowOf(surface))
    clipped.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)))
    context.closePath()
  }
  context.fillStyle = gradeFill(area.grade)
  context.fill('evenodd')
  traceLines(surface, area.paths)
  strokeCased(context, { colour: INK, width: 1.4 })
  const places = (area.paths[0] ?? []).map((world) => onCanvas(surface, world))
  const [xs, ys] = [places.map((place) => place[0]), places.map((place) => place[1])]
  const [left, top] = [Math.max(what.tile[0], Math.min(...xs)), Math.max(what.tile[1], Math.min(...ys))]
  const [right, bottom] = [Math.min(what.tile[2], Math.max(...xs)), Math.min(what.tile[3], Math.max(...ys))]
  if (right - left < LETTERED_AREA_PX || bottom - top < LETTERED_AREA_PX) return
  paintLetter(context, [(left + right) / 2, (top + bottom) / 2], { grade: area.grade, letters: what.letters, size: 15 })
}

function paintLine(surface: OverlaySurface, line: PointFeature): void {
  const { context } = surface
  traceLines(surface, line.paths)
  context.lineCap = 'round'
  strokeCased(context, { colour: INK, width: 6 })
  traceLines(surface, line.paths)
  context.strokeStyle = gradeFill(line.grade)
  context.lineWidth = 3.6
  context.stroke()
}

/** The ring round the chosen risk point. */
export function paintPointRing(surface: OverlaySurface, world: XY): void {
  const [x, y] = onCanvas(surface, world)
  surface.context.beginPath()
  surface.context.arc(x, y, symbolRadius(surface.zoom) + 7, 0, 2 * Math.PI)
  strokeCased(surface.context, { colour: INK, width: 2.4 })
}
