/** Paints risk points: symbols, stacks of them, lines and areas. */
import type { Grade } from '../api/wire.ts'
import { clipLine, clipRing } from './clip.ts'
import { tileAt, type Box, type XY } from './geography.ts'
import { spotKey } from './hit.ts'
import { FONT, traceRounded, type Letters } from './ink.ts'
import { onCanvas, strokeCased, traceLines, windowOf, type OverlaySurface } from './overlay-painter.ts'
import { gradeFill, gradeInk, INK, type Scene } from './style.ts'
import type { PointFeature } from './tile-decode.ts'

interface Symbol {
  at: XY
  grade: Grade
  inherited: boolean
  count: number
}

const ORDER: Grade[] = ['major', 'large', 'general', 'low', 'unassessed']

function middleOf(path: readonly XY[]): XY {
  const xs = path.map((place) => place[0])
  const ys = path.map((place) => place[1])
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2]
}

/** Points on one spot are one symbol with the worst of their grades and their number. */
export function symbolsOf(points: readonly PointFeature[], zoom: number): Symbol[] {
  const spots = new Map<string, Symbol>()
  const seen = new Set<string>()
  for (const point of points) {
    if (seen.has(point.id)) continue
    seen.add(point.id)
    const places = point.kind === 'point' ? point.paths.flat() : point.paths.slice(0, 1).map(middleOf)
    for (const at of places) {
      const key = spotKey(at, zoom)
      const known = spots.get(key)
      if (!known) {
        spots.set(key, { at, grade: point.grade, inherited: point.inherited, count: 1 })
        continue
      }
      known.count += 1
      known.inherited &&= point.inherited
      if (ORDER.indexOf(point.grade) < ORDER.indexOf(known.grade)) known.grade = point.grade
    }
  }
  // The worst are painted last, so that nothing covers them.
  return [...spots.values()].sort((a, b) => ORDER.indexOf(b.grade) - ORDER.indexOf(a.grade))
}

export interface PointManner {
  scene: Scene
  letters: Letters
}

export function paintPoints(surface: OverlaySurface, points: readonly PointFeature[], manner: PointManner): void {
  // Over districts a line or an area is smaller than a symbol, so it is one.
  const shapes = manner.scene.points === 'all' ? points.filter((point) => point.kind !== 'point') : []
  for (const area of shapes) if (area.kind === 'area') withinTile(surface, area, (tile) => paintArea(surface, area, { tile, letters: manner.letters }))
  for (const line of shapes) if (line.kind === 'line') withinTile(surface, line, () => paintLine(surface, line))
  for (const shape of shapes) paintBadge(surface, shape, manner.letters)
  const symbols = manner.scene.points === 'all' ? points.filter((point) => point.kind === 'point') : points
  for (const symbol of symbolsOf(symbols, surface.zoom)) paintSymbol(surface, symbol, manner)
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

/** From this width and height an area, or its part in a tile, carries the letter of its grade: colour is never alone. */
const LETTERED_AREA_PX = 30

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

function paintLetter(context: CanvasRenderingContext2D, at: XY, what: { grade: Grade; letters: Letters; size: number }): void {
  context.fillStyle = gradeInk(what.grade)
  context.font = `700 ${what.size}px ${FONT}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(what.letters[what.grade], at[0], at[1])
}

const BADGE_RADIUS = 8
/** A piece of a line shorter than this would be hidden by its letter. */
const LETTERED_LINE_PX = 24

/** The letter of a line, and of an area too small to carry its own, on a disc over it: colour is never alone. */
function paintBadge(surface: OverlaySurface, shape: PointFeature, letters: Letters): void {
  const at = shape.kind === 'line' ? badgeOfLine(surface, shape) : badgeOfArea(surface, shape)
  if (!at) return
  const { context } = surface
  context.beginPath()
  context.arc(at[0], at[1], BADGE_RADIUS, 0, 2 * Math.PI)
  context.fillStyle = gradeFill(shape.grade)
  context.fill()
  context.strokeStyle = INK
  context.lineWidth = 1.2
  context.stroke()
  paintLetter(context, [at[0], at[1] + 0.5], { grade: shape.grade, letters, size: 10 })
}

/** Half way along the longest piece of a line in its tile, on the canvas. */
function badgeOfLine(surface: OverlaySurface, line: PointFeature): XY | null {
  const side = 2 ** line.tile.z
  const ground: Box = [line.tile.x / side, line.tile.y / side, (line.tile.x + 1) / side, (line.tile.y + 1) / side]
  const pieces = line.paths.flatMap((path) => clipLine(path, ground)).map((piece) => piece.map((world) => onCanvas(surface, world)))
  const [longest] = pieces.sort((one, other) => lengthOf(other) - lengthOf(one))
  if (!longest || lengthOf(longest) < LETTERED_LINE_PX) return null
  return halfWay(longest)
}

function badgeOfArea(surface: OverlaySurface, area: PointFeature): XY | null {
  const places = (area.paths[0] ?? []).map((world) => onCanvas(surface, world))
  const [xs, ys] = [places.map((place) => place[0]), places.map((place) => place[1])]
  const [width, height] = [Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)]
  if (places.length === 0 || (width >= LETTERED_AREA_PX && height >= LETTERED_AREA_PX)) return null
  const [x, y] = middleOf(area.paths[0] ?? [])
  const tile = tileAt(x, y, area.tile.z)
  // The neighbours of its tile know the area too; one letter is enough.
  return tile.x === area.tile.x && tile.y === area.tile.y ? onCanvas(surface, [x, y]) : null
}

function lengthOf(path: readonly XY[]): number {
  return path.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - (path[i]?.[0] ?? x), y - (path[i]?.[1] ?? y)), 0)
}

export function halfWay(path: readonly XY[]): XY {
  let rest = lengthOf(path) / 2
  for (const [i, to] of path.slice(1).entries()) {
    const from = path[i] ?? to
    const step = Math.hypot(to[0] - from[0], to[1] - from[1])
    if (step >= rest && step > 0) return [from[0] + ((to[0] - from[0]) * rest) / step, from[1] + ((to[1] - from[1]) * rest) / step]
    rest -= step
  }
  return path[path.length - 1] ?? [0, 0]
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

/** Radius of a point's symbol in pixels. */
export function symbolRadius(zoom: number): number {
  if (zoom <= 8) return 4.5
  if (zoom <= 9) return 5.5
  return zoom >= 17 ? 9 : zoom === 16 ? 7.5 : 7
}

function paintSymbol(surface: OverlaySurface, symbol: Symbol, manner: PointManner): void {
  const { context } = surface
  const [x, y] = onCanvas(surface, symbol.at)
  if (x < -20 || y < -20 || x > surface.size[0] + 20 || y > surface.size[1] + 20) return
  const radius = symbolRadius(surface.zoom)
  const isPlantScale = manner.scene.points === 'all'
  context.beginPath()
  context.arc(x, y, radius + (isPlantScale ? 2.6 : 1.4), 0, 2 * Math.PI)
  context.fillStyle = '#FFFFFF'
  context.fill()
  if (isPlantScale) {
    context.strokeStyle = INK
    context.lineWidth = symbol.inherited ? 1.6 : 1
    context.setLineDash(symbol.inherited ? [3, 2.4] : [])
    context.stroke()
    context.setLineDash([])
  }
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.fillStyle = gradeFill(symbol.grade)
  context.fill()
  if (isPlantScale && radius >= 7 && symbol.grade !== 'unassessed') {
    context.fillStyle = gradeInk(symbol.grade)
    context.font = `700 ${Math.round(radius * 1.25)}px ${FONT}`
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    context.fillText(manner.letters[symbol.grade], x, y + 0.5)
  }
  if (isPlantScale && symbol.count > 1) paintStackCount(context, [x + radius + 3, y - radius - 2], symbol.count)
}

function paintStackCount(context: CanvasRenderingContext2D, at: XY, count: number): void {
  const text = count > 999 ? '999+' : String(count)
  context.font = `600 11px ${FONT}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  const width = context.measureText(text).width + 8
  traceRounded(context, [at[0] - 4, at[1] - 8, width, 16], 8)
  context.fillStyle = INK
  context.fill()
  context.strokeStyle = '#FFFFFF'
  context.lineWidth = 1.4
  context.stroke()
  context.fillStyle = '#FFFFFF'
  context.fillText(text, at[0] - 4 + width / 2, at[1] + 0.5)
}

/** The ring round the chosen risk point. */
export function paintPointRing(surface: OverlaySurface, world: XY): void {
  const [x, y] = onCanvas(surface, world)
  surface.context.beginPath()
  surface.context.arc(x, y, symbolRadius(surface.zoom) + 7, 0, 2 * Math.PI)
  strokeCased(surface.context, { colour: INK, width: 2.4 })
}
