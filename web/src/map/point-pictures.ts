/**
 * The points of a street as one picture for each tile.
 *
 * A window of a dense city shows tens of thousands of points; painting them takes a second, laying forty pictures side by
 * side some milliseconds. A picture is painted when its tile has arrived, a few at a time, and again only where its own or
 * a neighbour's points are others than before.
 */
import { badgesOf, badgesWithin, type Badge } from './badges.ts'
import { TILE_SIZE, tileKey, worldPixels, type Box, type TileAddress } from './geography.ts'
import type { Letters } from './ink.ts'
import type { OverlaySurface } from './overlay-painter.ts'
import { paintTileShapes } from './point-painter.ts'
import type { PointManner } from './point-sprites.ts'
import { signatureOf, symbolsIn, symbolsOf, type Symbol } from './symbols.ts'
import type { DecodedTile, PointFeature } from './tile-decode.ts'

interface Picture {
  /** Null where nothing is to be seen. */
  canvas: HTMLCanvasElement | null
  /** Null as long as nothing is painted. */
  points: readonly PointFeature[] | null
  /** When its tile arrived, on the page's clock. */
  since: number
  /** The points of the tile and its neighbours when it was last looked at. */
  around: readonly (readonly PointFeature[] | undefined)[]
  signature: string
}

/** A tile is painted once where its neighbours follow within so many milliseconds, else twice. */
const PATIENCE_MS = 800
const STEPS = [0, -1, 1]

export interface PictureManner extends PointManner {
  ratio: number
}

export class PointPictures {
  private readonly pictures = new Map<string, Picture>()
  /** Each list of points is looked through once, not once for each tile that it reaches into. */
  private readonly marks = new WeakMap<readonly PointFeature[], { symbols: Symbol[]; badges: Badge[] }>()
  private tiles: ReadonlyMap<string, DecodedTile> = new Map()
  private isSettled = false
  private look = ''

  /** The tiles of a zoom that shows every point. `isSettled`: no more of them are on their way. */
  learn(tiles: ReadonlyMap<string, DecodedTile>, isSettled: boolean): void {
    this.tiles = tiles
    this.isSettled = isSettled
    for (const key of this.pictures.keys()) if (!tiles.has(key)) this.drop(key)
    for (const key of tiles.keys()) {
      if (!this.pictures.has(key)) this.pictures.set(key, { canvas: null, points: null, since: performance.now(), around: [], signature: '' })
    }
  }

  /** Paint what is due until the clock says stop, one tile at least; true when something is left to do. */
  prepare(manner: PictureManner, isTimeUp: () => boolean): boolean {
    this.adopt(manner)
    for (const tile of this.tiles.values()) {
      if (!this.isDue(tile)) continue
      this.paintTile(tile, manner)
      if (isTimeUp()) break
    }
    return this.isBehind()
  }

  isBehind(): boolean {
    return [...this.tiles.values()].some((tile) => this.isStale(tile))
  }

  /** Lay the pictures there are; a corner of a tile is to be a whole canvas pixel. */
  compose(surface: OverlaySurface): void {
    const { context, origin, size } = surface
    for (const [key, { canvas }] of this.pictures) {
      const address = this.tiles.get(key)?.address
      if (!canvas || address?.z !== surface.zoom) continue
      const [x, y] = [address.x * TILE_SIZE - origin[0], address.y * TILE_SIZE - origin[1]]
      if (x > -TILE_SIZE && y > -TILE_SIZE && x < size[0] && y < size[1]) context.drawImage(canvas, x, y, TILE_SIZE, TILE_SIZE)
    }
  }

  /** Pictures of another screen or another language are none. */
  private adopt({ ratio, letters }: { ratio: number; letters: Letters }): void {
    const look = [ratio, ...Object.values(letters)].join()
    if (look !== this.look) for (const picture of this.pictures.values()) Object.assign(picture, { points: null, signature: '' })
    this.look = look
  }

  private drop(key: string): void {
    const canvas = this.pictures.get(key)?.canvas
    // Browsers free the memory of a canvas late; of one without area at once.
    if (canvas) canvas.width = 0
    this.pictures.delete(key)
  }

  private isStale(tile: DecodedTile): boolean {
    const picture = this.pictures.get(tileKey(tile.address))
    if (picture?.points !== tile.points) return true
    // Neighbours that are still to come are waited for: else every tile would be painted once for each of its eight.
    return this.isSettled && this.around(tile).some((each, i) => each?.points !== picture.around[i])
  }

  private isDue(tile: DecodedTile): boolean {
    if (!this.isStale(tile)) return false
    const picture = this.pictures.get(tileKey(tile.address))
    if (this.isSettled || !picture || picture.points) return true
    return performance.now() - picture.since > PATIENCE_MS || !this.around(tile).includes(undefined)
  }

  /** The tile itself and the eight round it, as far as they have arrived. */
  private around({ address: { x, y, z } }: DecodedTile): (DecodedTile | undefined)[] {
    return STEPS.flatMap((down) => STEPS.map((across) => this.tiles.get(tileKey({ z, x: x + across, y: y + down }))))
  }

  private paintTile(tile: DecodedTile, manner: PictureManner): void {
    const key = tileKey(tile.address)
    const before = this.pictures.get(key)
    const around = this.around(tile)
    const marks = around.flatMap((each) => (each ? [{ address: each.address, ...this.marksOf(each) }] : []))
    const symbols = symbolsIn(tile.address, marks)
    const badges = badgesWithin(boxOf(tile.address), marks.flatMap((each) => each.badges), tile.address.z)
    const signature = [signatureOf(symbols), ...badges.map(({ at, id, grade }) => [...at, id, grade].join())].join(';')
    const since = before?.since ?? 0
    const picture = { points: tile.points, since, around: around.map((each) => each?.points), signature }
    if (before?.points === tile.points && before.signature === signature) {
      this.pictures.set(key, { ...before, around: picture.around })
      return
    }
    const isEmpty = symbols.length + badges.length === 0 && tile.points.every((point) => point.kind === 'point')
    const canvas = isEmpty ? null : (before?.canvas ?? document.createElement('canvas'))
    if (canvas) this.paintCanvas(canvas, { tile, symbols, badges }, manner)
    else this.drop(key)
    this.pictures.set(key, { ...picture, canvas })
  }

  private paintCanvas(canvas: HTMLCanvasElement, what: { tile: DecodedTile; symbols: Symbol[]; badges: Badge[] }, manner: PictureManner): void {
    const { x, y, z } = what.tile.address
    // Setting the size empties it.
    canvas.width = TILE_SIZE * manner.ratio
    canvas.height = TILE_SIZE * manner.ratio
    const context = canvas.getContext('2d')
    if (!context) return
    context.setTransform(manner.ratio, 0, 0, manner.ratio, 0, 0)
    const surface: OverlaySurface = {
      context,
      zoom: z,
      pixels: worldPixels(z),
      origin: [x * TILE_SIZE, y * TILE_SIZE],
      size: [TILE_SIZE, TILE_SIZE],
    }
    paintTileShapes(surface, what.tile.points, manner.letters)
    manner.sprites.stampBadges(surface, what.badges, manner)
    manner.sprites.stampSymbols(surface, what.symbols, manner)
  }

  private marksOf({ points, address: { z } }: DecodedTile): { symbols: Symbol[]; badges: Badge[] } {
    const known = this.marks.get(points)
    if (known) return known
    const marks = { symbols: symbolsOf(points.filter((point) => point.kind === 'point'), z), badges: badgesOf(points, z) }
    this.marks.set(points, marks)
    return marks
  }
}

/** What a tile covers of the world. */
function boxOf({ x, y, z }: TileAddress): Box {
  const side = 2 ** z
  return [x / side, y / side, (x + 1) / side, (y + 1) / side]
}
