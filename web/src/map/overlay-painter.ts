/** Paints what must not be cut by tiles: outlines and marks. Points and labels have painters of their own. */
import palette from '../../palette.json' with { type: 'json' }
import { clipLine } from './clip.ts'
import type { Box, XY } from './geography.ts'
import { INK } from './style.ts'
import type { TerritoryFeature } from './tile-decode.ts'

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

export function windowOf(surface: OverlaySurface): Box {
  return [-40, -40, surface.size[0] + 40, surface.size[1] + 40]
}

export function traceLines(surface: OverlaySurface, paths: readonly XY[][]): void {
  const { context } = surface
  context.beginPath()
  for (const path of paths) {
    for (const piece of clipLine(path.map((world) => onCanvas(surface, world)), windowOf(surface))) {
      piece.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)))
    }
  }
}

export function strokeCased(context: CanvasRenderingContext2D, line: { colour: string; width: number; dash?: number[] }): void {
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
  functional_zone: { colour: palette.inks.accent, width: 1.6, dash: [7, 4] },
  town: { colour: palette.surfaces['line-strong'], width: 0.9 },
  zone_town: { colour: palette.surfaces['line-strong'], width: 0.9 },
}

export function paintOutlines(
  surface: OverlaySurface,
  territories: readonly TerritoryFeature[],
  chosen: string | null,
): void {
  const order = ['zone_town', 'town', 'district', 'city', 'functional_zone']
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

/** The frame of a cell: thin where the pointer is, strong where it is chosen. */
export function paintCellFrame(surface: OverlaySurface, box: Box, isChosen: boolean): void {
  const [left, top] = onCanvas(surface, [box[0], box[1]])
  const [right, bottom] = onCanvas(surface, [box[2], box[3]])
  surface.context.beginPath()
  surface.context.rect(Math.round(left) - 0.5, Math.round(top) - 0.5, Math.round(right - left), Math.round(bottom - top))
  strokeCased(surface.context, { colour: INK, width: isChosen ? 2.8 : 1.4 })
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
