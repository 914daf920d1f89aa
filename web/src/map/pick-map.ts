/** A small map whose only purpose is to choose a territory by a click. */
import 'leaflet/dist/leaflet.css'
import { NO_FILTER } from '../api/filter.ts'
import type { Bounds } from '../api/wire.ts'
import { toWorld, worldBox, zoomToFit } from './geography.ts'
import { territoryAt } from './hit.ts'
import { LeafletMap, type LatLng } from './leaflet.ts'
import { OverlayLayer } from './overlay-layer.ts'
import { Scenery, type SceneWishes } from './scenery.ts'
import type { TerritoryFeature } from './tile-decode.ts'
import { TileLayer } from './tile-layer.ts'
import { TileStore } from './tile-store.ts'

const DEEPEST = 15
const SHALLOWEST = 6
/** What is drawn: outlines alone, functional zones among them. */
const LAYERS = { territories: true, cells: false, points: false, enterprises: false, worstFill: false, basemap: false }

export interface PickListener {
  pick: (key: string) => void
  /** What the pointer is over; null for nothing that can be chosen. */
  hover: (name: string | null) => void
}

export class PickMap {
  private readonly map: LeafletMap
  private readonly tiles: TileLayer
  private readonly overlay: OverlayLayer
  private readonly scenery: Scenery
  private allowed: ReadonlySet<string> = new Set()

  constructor(container: HTMLElement, home: Bounds, listener: PickListener) {
    const letters = { major: '', large: '', general: '', low: '', unassessed: '' }
    const wishes: SceneWishes = {
      filter: { ...NO_FILTER, view: 'managed' }, layers: LAYERS, letters, watermark: null, districts: new Map(), labels: [], sites: [], basemap: null, format: String,
    } // prettier-ignore
    this.map = new LeafletMap(container, {
      attributionControl: false,
      zoomControl: false,
      minZoom: SHALLOWEST,
      maxZoom: DEEPEST,
      fadeAnimation: false,
      zoomAnimation: false,
      doubleClickZoom: false,
      // The list beside it is for the keyboard.
      keyboard: false,
    })
    this.scenery = new Scenery(wishes)
    this.tiles = new TileLayer(new TileStore(), wishes, () => this.contentChanged())
    // Outlines need nothing prepared.
    this.overlay = new OverlayLayer((surface) => this.scenery.paint(surface), () => false)
    this.map.on('click', (event) => {
      const found = this.under(event.latlng)
      if (found) listener.pick(found.key)
    })
    this.map.on('mousemove', (event) => listener.hover(this.under(event.latlng)?.name ?? null))
    this.map.on('mouseout', () => listener.hover(null))
    this.map.on('moveend', () => this.contentChanged())
    const size = this.map.getSize()
    const zoom = zoomToFit(worldBox(home), [size.x, size.y], { tolerance: 1.1, deepest: DEEPEST })
    this.map.setView([(home[1] + home[3]) / 2, (home[0] + home[2]) / 2], Math.max(zoom, SHALLOWEST))
    this.map.addLayer(this.tiles).addLayer(this.overlay)
  }

  /** Only these can be chosen. */
  allow(keys: ReadonlySet<string>): void {
    this.allowed = keys
  }

  choose(key: string | null): void {
    this.scenery.chosen = key === null ? null : { kind: 'territory', key }
    this.overlay.schedule()
  }

  zoomBy(steps: number): void {
    this.map.setZoom(this.map.getZoom() + steps)
  }

  fitWindow(): void {
    this.map.invalidateSize({ pan: false })
  }

  destroy(): void {
    this.map.remove()
  }

  private under(at: LatLng): TerritoryFeature | null {
    const candidates = this.scenery.outlinedTerritories(this.map.getZoom()).filter(({ key }) => this.allowed.has(key))
    return territoryAt(toWorld(at.lng, at.lat), candidates)
  }

  private contentChanged(): void {
    const zoom = this.map.getZoom()
    this.scenery.learn(this.tiles.contentAt(zoom), zoom)
    this.overlay.schedule()
  }
}
