/**
 * Web Mercator arithmetic without Leaflet.
 *
 * "World" coordinates run from 0 to 1 across the square of EPSG:3857, x to the east, y to the south; a pixel
 * at zoom z is 1 / (256 · 2^z) of it. CGCS2000 degrees project with the same numbers as WGS 84 degrees.
 */
import type { Bounds } from '../api/wire.ts'

export const TILE_SIZE = 256
/** Equator of the sphere of EPSG:3857 in metres. */
const EQUATOR_M = 40_075_016.686

export type XY = readonly [number, number]
/** Left, top, right, bottom; y grows to the south. */
export type Box = readonly [number, number, number, number]

export interface TileAddress {
  z: number
  x: number
  y: number
}

export function worldPixels(zoom: number): number {
  return TILE_SIZE * 2 ** zoom
}

export function toWorld(lon: number, lat: number): XY {
  const sine = Math.sin((lat * Math.PI) / 180)
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)]
}

export function toLonLat(x: number, y: number): [number, number] {
  const lat = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI
  return [(x - 0.5) * 360, lat]
}

export function worldBox(bounds: Bounds): Box {
  const [left, bottom] = toWorld(bounds[0], bounds[1])
  const [right, top] = toWorld(bounds[2], bounds[3])
  return [left, top, right, bottom]
}

export function metresPerPixel(lat: number, zoom: number): number {
  return (EQUATOR_M * Math.cos((lat * Math.PI) / 180)) / worldPixels(zoom)
}

export function tileAt(x: number, y: number, zoom: number): TileAddress {
  const side = 2 ** zoom
  return { z: zoom, x: Math.floor(x * side), y: Math.floor(y * side) }
}

export function tileKey(address: TileAddress): string {
  return `${address.z}/${address.x}/${address.y}`
}

/** The roundest length of 1, 2 or 5 times a power of ten that fits into the pixels given. */
export function scaleLength(perPixel: number, widest: number): { metres: number; pixels: number } {
  const longest = perPixel * widest
  const power = 10 ** Math.floor(Math.log10(longest))
  const metres = ([5, 2, 1].find((step) => step * power <= longest) ?? 1) * power
  return { metres, pixels: metres / perPixel }
}

/**
 * The zoom a territory opens at: the deepest at which it fits into the window, or sticks out by no more than
 * the tolerance (1.2 = a fifth): a city small in a large window helps nobody.
 */
export function zoomToFit(box: Box, window: XY, options: { tolerance: number; deepest: number }): number {
  for (let zoom = options.deepest; zoom > 0; zoom -= 1) {
    const pixels = worldPixels(zoom)
    const fits =
      (box[2] - box[0]) * pixels <= window[0] * options.tolerance &&
      (box[3] - box[1]) * pixels <= window[1] * options.tolerance
    if (fits) return zoom
  }
  return 0
}

/**
 * How a territory opens in a window whose lower left corner is covered: beside the cover or above it, wherever it is
 * larger, beside where that is one. `shift`: pixels from the middle of the window to the middle of what is free.
 */
export function openingOf(box: Box, window: XY, covered: XY, options: { tolerance: number; deepest: number }): { zoom: number; shift: XY } {
  const beside = zoomToFit(box, [window[0] - covered[0], window[1]], options)
  const above = zoomToFit(box, [window[0], window[1] - covered[1]], options)
  const isBeside = beside > above || (beside === above && window[0] - 2 * covered[0] > window[1] - covered[1])
  return isBeside ? { zoom: beside, shift: [covered[0] / 2, 0] } : { zoom: above, shift: [0, -covered[1] / 2] }
}
