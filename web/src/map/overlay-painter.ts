/** Paints what must not be cut by tiles: outlines, risk points, the chosen place. Labels have a painter of their own. */
import palette from '../../palette.json' with { type: 'json' }
import type { Grade } from '../api/wire.ts'
import { clipLine, clipRing } from './clip.ts'
import type { Box, XY } from './geography.ts'
import { spotKey } from './hit.ts'
import { FONT, type Letters } from './ink.ts'
import { gradeFill, gradeInk, INK, type Scene } from './style.ts'
import type { PointFeature, TerritoryFeature } from './tile-decode.ts'

const CASING = 'rgba(255,255,255,0.78)'

/** A canvas with its place in the world: world × pixels − origin = canvas pixels. */
export interface OverlaySurface {
  context: CanvasRenderingContext2D
  zoom: number
  pixels: number
  origin: XY
  size: XY
}

export function onCanvas(surface: OverlaySurface, world: XY): XY {
  return [world[0] * surface.pixels - surface.origin[0], world[1] * surface.pixels - surface.origin[1]]
}

function windowOf(surface: OverlaySurface): Box {
  return [-40, -40, surface.size[0] + 40, surface.size[1] + 40]
}

function traceLines(surface: OverlaySurface, paths: readonly XY[][]): void {
  const { context } = surface
  context.beginPath()
  for (const path of paths) {
    for (const piece of clipLine(path.map((world) => onCanvas(surface, world)), windowOf(surface))) {
      piece.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)))
    }
  }
}

function strokeCased(context: CanvasRenderingContext2D, line: { colour: string; width: number; dash?: number[] }): void {
  context.lineJoin = 'round'
  context.setLineDash([])
  context.strokeStyle = CASING
  context.lineWidth = line.width + 2.4
  context.stroke()
  context.setLineDash(line.dash ?? [])
  context.strokeStyle = line.colour
  context.lineWidth = line.width
  context.stroke()
  context.setLineDash([])
}

interface OutlineManner {
  colour: string
  width: number
  dash?: number[]
}

const OUTLINES: Record<string, OutlineManner> = {
  city: { colour: palette.inks.muted, width: 1.8 },
  district: { colour: palette.surfaces.outline, width: 1.1 },
  zone: { colour: palette.inks.accent, width: 1.6, dash: [7, 4] },
  town: { colour: palette.surfaces['line-strong'], width: 0.9 },
}

export function paintOutlines(
  surface: OverlaySurface,
  territories: readonly TerritoryFeature[],
  chosen: string | null,
): void {
  const order = ['town', 'district', 'city', 'zone']
  const sorted = [...territories].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level))
  for (const territory of sorted) {
    const manner = OUTLINES[territory.level]
    if (!manner || territory.key === chosen) continue
    traceLines(surface, territory.rings)
    strokeCased(surface.context, manner)
  }
  const selected = territories.find((territory) => territory.key === chosen)
  if (!selected) return
  traceLines(surface, selected.rings)
  strokeCased(surface.context, { colour: INK, width: 2.6 })
}

interface Symbol {
  at: XY
  grade: Grade
  inherited: boolean
  count: number
  ids: string[]
}

const ORDER: Grade[] = ['major', 'large', 'general', 'low', 'unassessed']

/** Points on one spot are one symbol with the worst of their grades and their number. */
export function symbolsOf(points: readonly PointFeature[], zoom: number): Symbol[] {
  const spots = new Map<string, Symbol>()
  const seen = new Set<string>()
  for (const point of points) {
    if (point.kind !== 'point' || seen.has(point.id)) continue
    seen.add(point.id)
    for (const at of point.paths.flat()) {
      const key = spotKey(at, zoom)
      const known = spots.get(key)
      if (!known) {
        spots.set(key, { at, grade: point.grade, inherited: point.inherited, count: 1, ids: [point.id] })
        continue
      }
      known.count += 1
      known.ids.push(point.id)
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
  paintAreas(surface, points.filter((point) => point.kind === 'area'))
  paintLines(surface, points.filter((point) => point.kind === 'line'))
  for (const symbol of symbolsOf(points, surface.zoom)) paintSymbol(surface, symbol, manner)
}

function paintAreas(surface: OverlaySurface, areas: readonly PointFeature[]): void {
  const { context } = surface
  for (const area of areas) {
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
  }
}

function paintLines(surface: OverlaySurface, lines: readonly PointFeature[]): void {
  const { context } = surface
  for (const line of lines) {
    traceLines(surface, line.paths)
    context.lineCap = 'round'
    strokeCased(context, { colour: INK, width: 6 })
    traceLines(surface, line.paths)
    context.strokeStyle = gradeFill(line.grade)
    context.lineWidth = 3.6
    context.stroke()
  }
}

/** Radius of a point's symbol in pixels. */
export function symbolRadius(zoom: number): number {
  if (zoom <= 8) return 4.5
  if (zoom <= 9) return 5.5
  return zoom >= 17 ? 9 : zoom === 16 ? 7.5 : 6
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
  context.beginPath()
  context.roundRect(at[0] - 4, at[1] - 8, width, 16, 8)
  context.fillStyle = INK
  context.fill()
  context.strokeStyle = '#FFFFFF'
  context.lineWidth = 1.4
  context.stroke()
  context.fillStyle = '#FFFFFF'
  context.fillText(text, at[0] - 4 + width / 2, at[1] + 0.5)
}

/** The frame of a cell: thin where the pointer is, strong where it is chosen. */
export function paintCellFrame(surface: OverlaySurface, box: Box, isChosen: boolean): void {
  const [left, top] = onCanvas(surface, [box[0], box[1]])
  const [right, bottom] = onCanvas(surface, [box[2], box[3]])
  surface.context.beginPath()
  surface.context.rect(Math.round(left) - 0.5, Math.round(top) - 0.5, Math.round(right - left), Math.round(bottom - top))
  strokeCased(surface.context, { colour: INK, width: isChosen ? 2.8 : 1.4 })
}

/** The ring round the chosen risk point. */
export function paintPointRing(surface: OverlaySurface, world: XY): void {
  const [x, y] = onCanvas(surface, world)
  surface.context.beginPath()
  surface.context.arc(x, y, symbolRadius(surface.zoom) + 7, 0, 2 * Math.PI)
  strokeCased(surface.context, { colour: INK, width: 2.4 })
}

/** Where Enter would look, while the map has the keyboard. */
export function paintCrosshair(surface: OverlaySurface, world: XY): void {
  const { context } = surface
  const [x, y] = onCanvas(surface, world)
  context.beginPath()
  for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
    context.moveTo(x + dx * 4, y + dy * 4)
    context.lineTo(x + dx * 13, y + dy * 13)
  }
  strokeCased(context, { colour: INK, width: 1.6 })
}
