/** The Leaflet shell round the tile painter: which tiles are wanted, fetched, drawn, given up. */
import { isAbort, Unreachable } from '../api/client.ts'
import palette from '../../palette.json' with { type: 'json' }
import { BasemapLayers } from './basemap.ts'
import { paintCells } from './cell-painter.ts'
import { TILE_SIZE, tileKey, type TileAddress } from './geography.ts'
import { canvasRatio } from './ink.ts'
import { GridLayer, type Coords, type DoneCallback, type LeafletMap } from './leaflet.ts'
import { fillOf, LAND, sceneAt } from './style.ts'
import type { DecodedTile, TerritoryFeature } from './tile-decode.ts'
import { loadParts, tileOf, type Parts } from './tile-parts.ts'
import type { TileStore } from './tile-store.ts'
import { sourcesAt, type TileWishes } from './tile-sources.ts'
import { BLEED_PX, paintFailure, paintLand, paintWatermark, type TileSurface } from './tile-ground.ts'

/** Land of the districts beside the one the reader has entered. */
const ELSEWHERE = palette.surfaces.ground

export interface TileHealth {
  pending: number
  failed: number
  /** The service did not answer at all. */
  isUnreachable: boolean
  /** The smallest number of features a cut tile kept, null when nothing was cut. */
  cutAt: number | null
}

interface TileRecord {
  address: TileAddress
  canvas: HTMLCanvasElement
  controller: AbortController
  content: DecodedTile | null
  parts: Parts
  isPending: boolean
  /** Why content is missing, null when it is whole. */
  failure: unknown
}

export class TileLayer extends GridLayer {
  private readonly store: TileStore
  private readonly records = new Map<string, TileRecord>()
  private wishes: TileWishes
  private basemap: BasemapLayers | null = null
  private readonly onChange: () => void

  constructor(store: TileStore, wishes: TileWishes, onChange: () => void) {
    super({ tileSize: TILE_SIZE, noWrap: true, keepBuffer: 1, updateWhenIdle: false, updateWhenZooming: false })
    this.store = store
    this.wishes = wishes
    this.onChange = onChange
    this.on('tileunload', (event) => this.dropTile((event as unknown as { coords: Coords }).coords))
  }

  override onAdd(map: LeafletMap): this {
    this.basemap = new BasemapLayers(map, this.wishes.basemap)
    return super.onAdd(map)
  }

  /** New wishes: content is fetched again where the sources changed, else only painted again. */
  setWishes(wishes: TileWishes): void {
    const before = this.wishes
    this.wishes = wishes
    this.basemap?.show(wishes.basemap)
    for (const record of this.records.values()) {
      const { z } = record.address
      if (String(sourcesAt(z, before)) === String(sourcesAt(z, wishes))) this.paint(record)
      else void this.fill(record)
    }
  }

  /** Ask again for every tile in view; unchanged ones cost a 304 each. */
  refresh(): void {
    for (const record of this.records.values()) {
      record.parts = new Map()
      void this.fill(record)
    }
  }

  retryFailed(): void {
    for (const record of this.records.values()) if (record.failure) void this.fill(record)
  }

  /** Content of the tiles at one zoom, by their key. */
  contentAt(zoom: number): Map<string, DecodedTile> {
    const content = new Map<string, DecodedTile>()
    for (const [key, record] of this.records) {
      if (record.address.z === zoom && record.content) content.set(key, record.content)
    }
    return content
  }

  health(zoom: number): TileHealth {
    const health: TileHealth = { pending: 0, failed: 0, isUnreachable: false, cutAt: null }
    for (const record of this.records.values()) {
      if (record.address.z !== zoom) continue
      if (record.isPending) health.pending += 1
      if (record.failure) health.failed += 1
      if (record.failure instanceof Unreachable) health.isUnreachable = true
      const cut = record.content?.cutAt
      if (typeof cut === 'number') health.cutAt = Math.min(cut, health.cutAt ?? cut)
    }
    return health
  }

  protected override createTile(coords: Coords, done: DoneCallback): HTMLElement {
    const frame = document.createElement('div')
    const canvas = document.createElement('canvas')
    const ratio = canvasRatio(window.devicePixelRatio)
    const side = TILE_SIZE + BLEED_PX
    canvas.width = Math.ceil(side * ratio)
    canvas.height = Math.ceil(side * ratio)
    canvas.style.width = `${canvas.width / ratio}px`
    canvas.style.height = `${canvas.height / ratio}px`
    frame.append(canvas)
    const record: TileRecord = {
      address: { z: coords.z, x: coords.x, y: coords.y },
      canvas,
      controller: new AbortController(),
      content: null,
      parts: new Map(),
      isPending: false,
      failure: null,
    }
    this.records.set(tileKey(record.address), record)
    void this.fill(record).then(() => done(undefined, frame))
    return frame
  }

  private dropTile(address: TileAddress): void {
    const record = this.records.get(tileKey(address))
    record?.controller.abort()
    this.records.delete(tileKey(address))
    this.onChange()
  }

  /** Fetch what a tile lacks, then paint it at once; the old picture stays until then. */
  private async fill(record: TileRecord): Promise<void> {
    record.controller.abort()
    const { signal } = (record.controller = new AbortController())
    record.isPending = true
    this.onChange()
    const { address } = record
    const sources = sourcesAt(address.z, this.wishes)
    const { parts, failures } = await loadParts(this.store, address, sources, { known: record.parts, signal })
    if (signal.aborted) return
    record.parts = parts
    record.content = tileOf(address, sources, parts)
    record.failure = failures.find((failure) => !isAbort(failure)) ?? null
    record.isPending = false
    this.paint(record)
    this.onChange()
  }

  private paint(record: TileRecord): void {
    const context = record.canvas.getContext('2d')
    if (!context || !record.content) return
    const ratio = canvasRatio(window.devicePixelRatio)
    const surface: TileSurface = { context, address: record.address, ratio }
    const scene = sceneAt(record.address.z)
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, record.canvas.width, record.canvas.height)
    context.scale(ratio, ratio)
    // The city first: its outline is another generalisation than that of its districts and must not cover them.
    const territories = [...record.content.territories].sort((a, b) => Number(b.level === 'city') - Number(a.level === 'city'))
    const land = this.wishes.basemap ? null : LAND
    paintLand(surface, territories, (territory) => fillOfDistrict(territory, this.wishes, scene.cellLevel === null, land))
    if (this.wishes.watermark) paintWatermark(surface, this.wishes.watermark)
    paintCells(surface, record.content.cells.values(), {
      mode: scene.cellMode,
      letters: this.wishes.letters,
      underPoints: scene.points === 'all' && this.wishes.layers.points,
      overPicture: this.wishes.basemap !== null,
    })
    if (record.failure) paintFailure(surface, palette.surfaces['line-strong'])
  }
}

/** What fills a territory: `land`, in the named mode the district's worst point, or nothing. */
export function fillOfDistrict(
  territory: TerritoryFeature,
  { filter, layers, districts }: TileWishes,
  isOverview: boolean,
  land: string | null,
): string | null {
  if (territory.level !== 'district' && territory.level !== 'city') return null
  const isElsewhere = filter.territory !== null && districts.has(filter.territory) && territory.key !== filter.territory
  if (isElsewhere && territory.level === 'district') return land && ELSEWHERE
  if (!layers.worstFill || !isOverview || territory.level !== 'district') return land
  const district = districts.get(territory.key)
  return district?.grade ? fillOf(district.grade, district.counts[district.grade]) : land
}
