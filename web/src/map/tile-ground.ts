/** The ground of a tile: land, the mark of demonstration data, or the admission that nothing arrived. */
import { clipRing } from './clip.ts'
import { TILE_SIZE, worldPixels, type Box, type TileAddress, type XY } from './geography.ts'
import { FONT } from './ink.ts'
import type { TerritoryFeature } from './tile-decode.ts'

/** Each tile canvas is this much wider and higher than its tile, to close hairlines on fractional screens. */
export const BLEED_PX = 1
export interface TileSurface {
  context: CanvasRenderingContext2D
  address: TileAddress
  ratio: number
}

/** A place of the world on the tile, in CSS pixels. */
export function place(surface: TileSurface, world: XY): XY {
  const pixels = worldPixels(surface.address.z)
  return [world[0] * pixels - surface.address.x * TILE_SIZE, world[1] * pixels - surface.address.y * TILE_SIZE]
}

export function paintLand(
  surface: TileSurface,
  territories: readonly TerritoryFeature[],
  fillOfTerritory: (territory: TerritoryFeature) => string | null,
): void {
  const { context } = surface
  const window: Box = [-8, -8, TILE_SIZE + 8, TILE_SIZE + 8]
  for (const territory of territories) {
    const fill = fillOfTerritory(territory)
    if (fill === null) continue
    context.beginPath()
    for (const ring of territory.rings) {
      const clipped = clipRing(ring.map((world) => place(surface, world)), window)
      clipped.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)))
      context.closePath()
    }
    context.fillStyle = fill
    context.fill('evenodd')
  }
}

/** Distance of the watermark's repeats in pixels: a photo of any part of the screen holds one. */
const WATERMARK_STEP: XY = [360, 220]

/** Says under the cells, so also on a photo of the screen, that the data are invented; cells keep their colour. */
export function paintWatermark(surface: TileSurface, text: string): void {
  const { context, address } = surface
  const [stepX, stepY] = WATERMARK_STEP
  const origin: XY = [address.x * TILE_SIZE, address.y * TILE_SIZE]
  context.save()
  context.font = `600 22px ${FONT}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillStyle = 'rgba(26,34,42,0.085)'
  // One step further on each side: a text that begins in the neighbour ends here.
  for (let row = Math.floor(origin[1] / stepY) - 1; row * stepY < origin[1] + TILE_SIZE + stepY; row += 1) {
    for (let column = Math.floor(origin[0] / stepX) - 1; column * stepX < origin[0] + TILE_SIZE + stepX; column += 1) {
      context.save()
      context.translate((column + (row % 2) / 2) * stepX - origin[0], row * stepY - origin[1])
      context.rotate(-0.35)
      context.fillText(text, 0, 0)
      context.restore()
    }
  }
  context.restore()
}

/** A tile whose content did not arrive says so; the old content would be a guess. */
export function paintFailure(surface: TileSurface, colour: string): void {
  const { context } = surface
  context.strokeStyle = colour
  context.lineWidth = 1
  context.beginPath()
  for (let sum = 0; sum <= 2 * TILE_SIZE; sum += 16) {
    context.moveTo(sum, 0)
    context.lineTo(sum - TILE_SIZE, TILE_SIZE)
  }
  context.stroke()
}
