/**
 * A map on paper: one canvas as fine as the printer, drawn by the painters of the screen.
 *
 * The painters think in CSS pixels at whole zooms. A sheet takes the zoom at which a pixel comes out between 0.16 and
 * 0.32 mm wide, so that its smallest text, 11 pixels, is between 1.8 and 3.5 mm high, and any scale can be printed.
 * The canvas has a whole number of its own pixels for each tile, else a seam would be seen between two tiles.
 */
import palette from '../../palette.json' with { type: 'json' }
import type { LonLat } from '../api/wire.ts'
import { paintCells } from './cell-painter.ts'
import { metresPerPixel, TILE_SIZE, tileKey, toWorld, worldPixels, type TileAddress, type XY } from './geography.ts'
import { Scenery, type SceneWishes } from './scenery.ts'
import { FIRST_POINT_ZOOM, LAND, sceneAt } from './style.ts'
import { emptyTile, type DecodedTile, type TerritoryFeature } from './tile-decode.ts'
import { fillOfDistrict } from './tile-layer.ts'
import { paintFailure, paintLand, paintWatermark, type TileSurface } from './tile-ground.ts'
import { loadParts, tileOf } from './tile-parts.ts'
import { sourcesAt } from './tile-sources.ts'
import type { TileStore } from './tile-store.ts'

/** Width of the widest CSS pixel on paper; the narrowest is half of it. */
const WIDEST_PIXEL_MM = 0.32
/** Dots for a millimetre of paper: 254 dpi, beyond which office printers show nothing more. */
export const DOTS_PER_MM = 10
/** Zooms that can be drawn. */
const ZOOMS = [5, 18] as const

export interface Sheet {
  /** Size of the map on paper. */
  millimetres: XY
  centre: LonLat
  /** The denominator of the scale at the centre, 50000 for 1:50,000. */
  scale: number
}

export interface Grid {
  zoom: number
  /** Side of a CSS pixel on paper. */
  pixelMm: number
  /** Canvas pixels for one CSS pixel. */
  ratio: number
  /** Upper left corner in CSS pixels of the whole world. */
  origin: XY
  size: XY
}

/** How a sheet is drawn: pure arithmetic, so that the scale bar and the drawing cannot differ. */
export function gridOf(sheet: Sheet): Grid {
  const [lon, lat] = sheet.centre
  const metresPerMm = sheet.scale / 1000
  const ideal = Math.log2(metresPerPixel(lat, 0) / (WIDEST_PIXEL_MM * metresPerMm))
  const zoom = Math.min(ZOOMS[1], Math.max(ZOOMS[0], Math.ceil(ideal)))
  const pixelMm = metresPerPixel(lat, zoom) / metresPerMm
  const size: XY = [sheet.millimetres[0] / pixelMm, sheet.millimetres[1] / pixelMm]
  const tilePixels = Math.max(1, Math.round(TILE_SIZE * pixelMm * DOTS_PER_MM))
  const ratio = tilePixels / TILE_SIZE
  const [x, y] = toWorld(lon, lat)
  const pixels = worldPixels(zoom)
  const snap = (value: number): number => Math.round(value * ratio) / ratio
  return { zoom, pixelMm, ratio, origin: [snap(x * pixels - size[0] / 2), snap(y * pixels - size[1] / 2)], size }
}

function addressesOf({ zoom, origin, size }: Grid): TileAddress[] {
  const last = 2 ** zoom - 1
  const range = (from: number, length: number): number[] => {
    const first = Math.max(0, Math.floor(from / TILE_SIZE))
    const end = Math.min(last, Math.floor((from + length) / TILE_SIZE))
    return Array.from({ length: Math.max(0, end - first + 1) }, (_, i) => first + i)
  }
  return range(origin[1], size[1]).flatMap((y) => range(origin[0], size[0]).map((x) => ({ z: zoom, x, y })))
}

export interface Drawn {
  failed: number
  isCut: boolean
}

interface Loaded {
  tiles: Map<string, DecodedTile>
  failed: Set<string>
}

export interface SheetManner {
  /** Marks over the colours, for grey. */
  textured: boolean
  /** A picture under everything, by tile; null where there is none. */
  ground: ((address: TileAddress) => Promise<CanvasImageSource | null>) | null
}

/** Draw a sheet. Throws AbortError when aborted; what did not arrive is hatched and counted. */
export async function drawSheet(
  canvas: HTMLCanvasElement,
  sheet: Sheet,
  wishes: SceneWishes,
  options: { store: TileStore; manner: SheetManner; signal: AbortSignal },
): Promise<Drawn> {
  const grid = gridOf(sheet)
  const addresses = addressesOf(grid)
  const loaded = await loadTiles(addresses, wishes, options)
  const { ground } = options.manner
  const grounds = ground ? await Promise.all(addresses.map(ground)) : []
  options.signal.throwIfAborted()
  canvas.width = Math.ceil(grid.size[0] * grid.ratio)
  canvas.height = Math.ceil(grid.size[1] * grid.ratio)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  context.fillStyle = palette.surfaces.ground
  context.fillRect(0, 0, canvas.width, canvas.height)
  addresses.forEach((address, i) => {
    const tile = loaded.tiles.get(tileKey(address)) ?? emptyTile(address)
    paintTile(context, grid, { tile, ground: grounds[i] ?? null, isMissing: loaded.failed.has(tileKey(address)) }, wishes, options.manner)
  })
  context.setTransform(grid.ratio, 0, 0, grid.ratio, 0, 0)
  const scenery = new Scenery(wishes)
  scenery.learn(loaded.tiles, grid.zoom)
  scenery.paint({ context, zoom: grid.zoom, pixels: worldPixels(grid.zoom), origin: grid.origin, size: grid.size })
  return { failed: loaded.failed.size, isCut: [...loaded.tiles.values()].some((tile) => tile.cutAt !== null) }
}

async function loadTiles(
  addresses: readonly TileAddress[],
  wishes: SceneWishes,
  { store, signal }: { store: TileStore; signal: AbortSignal },
): Promise<Loaded> {
  const tiles = new Map<string, DecodedTile>()
  const failed = new Set<string>()
  await Promise.all(
    addresses.map(async (address) => {
      const sources = sourcesAt(address.z, wishes)
      const { parts, failures } = await loadParts(store, address, sources, { known: new Map(), signal })
      if (failures.length > 0) failed.add(tileKey(address))
      tiles.set(tileKey(address), tileOf(address, sources, parts))
    }),
  )
  return { tiles, failed }
}

function paintTile(
  context: CanvasRenderingContext2D,
  { ratio, origin, zoom }: Grid,
  what: { tile: DecodedTile; ground: CanvasImageSource | null; isMissing: boolean },
  wishes: SceneWishes,
  manner: SheetManner,
): void {
  const { tile, ground, isMissing } = what
  const scene = sceneAt(zoom)
  const left = Math.round((tile.address.x * TILE_SIZE - origin[0]) * ratio)
  const top = Math.round((tile.address.y * TILE_SIZE - origin[1]) * ratio)
  const surface: TileSurface = { context, address: tile.address, ratio }
  context.save()
  context.setTransform(ratio, 0, 0, ratio, left, top)
  context.beginPath()
  context.rect(0, 0, TILE_SIZE, TILE_SIZE)
  context.clip()
  if (ground) context.drawImage(ground, 0, 0, TILE_SIZE, TILE_SIZE)
  const land = ground ? null : LAND
  const territories = [...tile.territories].sort((a, b) => Number(b.level === 'city') - Number(a.level === 'city'))
  paintLand(surface, territories, (territory: TerritoryFeature) => fillOfDistrict(territory, wishes, scene.cellLevel === null, land))
  if (wishes.watermark) paintWatermark(surface, wishes.watermark)
  paintCells(surface, tile.cells.values(), {
    mode: scene.cellMode,
    letters: wishes.letters,
    underPoints: zoom >= FIRST_POINT_ZOOM && wishes.layers.points,
    textured: manner.textured,
    overPicture: ground !== null,
  })
  if (isMissing) paintFailure(surface, palette.surfaces['line-strong'])
  context.restore()
}
