/** The map of a city: Leaflet for moving about, our tiles and overlay for everything that is drawn. */
import 'leaflet/dist/leaflet.css'
import type { Bounds, LonLat } from '../api/wire.ts'
import { encode, type CellLevel } from './beidou.ts'
import { metresPerPixel, openingOf, toWorld, worldBox, type XY } from './geography.ts'
import { territoryAt, type Hit } from './hit.ts'
import { canvasRatio } from './ink.ts'
import { DomEvent, latLngBounds, LeafletMap, type LatLng, type LeafletMouseEvent } from './leaflet.ts'
import { OverlayLayer, slice } from './overlay-layer.ts'
import { pick } from './picking.ts'
import { PointPictures } from './point-pictures.ts'
import { Scenery, type Chosen, type SceneWishes } from './scenery.ts'
import { sceneAt } from './style.ts'
import type { PointFeature } from './tile-decode.ts'
import { TileLayer, type TileHealth } from './tile-layer.ts'
import { TileStore } from './tile-store.ts'

export interface MapView {
  zoom: number
  centre: LonLat
  metresPerPixel: number
}

export interface Pointer {
  at: LonLat
  code: string | null
  hit: Hit | null
  district: string | null
}

export interface MapListener {
  onView: (view: MapView) => void
  onPointer: (pointer: Pointer | null) => void
  onPick: (hit: Hit | null) => void
  onHealth: (health: TileHealth) => void
}

const SHALLOWEST = 5
const DEEPEST = 18
/** A city may stick out of the window by a sixth before it opens one zoom further out. */
const HOME_TOLERANCE = 1.16
const HOME_DEEPEST = 15

export class CityMap {
  private readonly map: LeafletMap
  private readonly tiles: TileLayer
  private readonly overlay: OverlayLayer
  private readonly scenery: Scenery
  private readonly listener: MapListener
  private hoverFrame = 0
  /** Pixels at the right edge that the drawer covers. */
  hiddenRight = 0
  /** Width and height of what covers the lower left corner when the map goes home. */
  covered: () => XY = () => [0, 0]

  /** `given`: a map that stands already, and tiles from elsewhere than the service: a map in a file has both. */
  constructor(container: HTMLElement, wishes: SceneWishes, listener: MapListener, given: { map?: LeafletMap; store?: TileStore } = {}) {
    this.listener = listener
    const isCalm = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    this.map = given.map ?? new LeafletMap(container, {
      zoomControl: false,
      attributionControl: false,
      minZoom: SHALLOWEST,
      maxZoom: DEEPEST,
      zoomAnimation: !isCalm,
      inertia: !isCalm,
      fadeAnimation: false,
      wheelPxPerZoomLevel: 90,
      maxBoundsViscosity: 0.8,
    })
    this.scenery = new Scenery(wishes, new PointPictures())
    this.tiles = new TileLayer(given.store ?? new TileStore(), wishes, () => this.contentChanged())
    this.overlay = new OverlayLayer((surface) => this.scenery.paint(surface), () => this.prepare())
    this.listen(container)
  }

  /** Begin at a view; nothing is fetched before. */
  open(view: { centre: LonLat; zoom: number } | Bounds, deepest?: number): void {
    if (Array.isArray(view)) this.goHome(view, false, deepest)
    else this.restore(view.centre, view.zoom)
    if (!this.map.hasLayer(this.tiles)) this.map.addLayer(this.tiles).addLayer(this.overlay)
    this.tellView()
  }

  /** Keep the reader near the city. */
  setLimits(bounds: Bounds): void {
    this.map.setMaxBounds(latLngBounds([bounds[1], bounds[0]], [bounds[3], bounds[2]]).pad(1.5))
  }

  goHome(bounds: Bounds, isAnimated = true, deepest = HOME_DEEPEST): void {
    const size = this.map.getSize()
    const options = { tolerance: HOME_TOLERANCE, deepest }
    const { zoom, shift } = openingOf(worldBox(bounds), [size.x - this.hiddenRight, size.y], this.covered(), options)
    this.lookAt([(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2], Math.max(zoom, SHALLOWEST), isAnimated, shift)
  }

  /** Put a place into the middle of what the drawer leaves of the window, or so many pixels beside it. */
  lookAt(place: LonLat, zoom: number, isAnimated = true, [right, down]: XY = [0, 0]): void {
    const middle = this.map.project([place[1], place[0]], zoom).add([this.hiddenRight / 2 - right, -down])
    this.map.setView(this.map.unproject(middle, zoom), zoom, { animate: isAnimated })
  }

  /** Exactly the view of an address. */
  restore(centre: LonLat, zoom: number): void {
    this.map.setView([centre[1], centre[0]], zoom, { animate: false })
  }

  zoomBy(steps: number): void {
    this.map.setZoom(this.map.getZoom() + steps)
  }

  /** Move no further than needed so that a place is not hidden under the drawer; what is far away comes into the middle. */
  reveal(at: LonLat): void {
    if (!this.map.getBounds().contains([at[1], at[0]])) return this.lookAt(at, this.map.getZoom())
    this.map.panInside([at[1], at[0]], { paddingTopLeft: [60, 60], paddingBottomRight: [this.hiddenRight + 90, 90] })
  }

  setWishes(wishes: SceneWishes): void {
    this.scenery.wishes = wishes
    this.tiles.setWishes(wishes)
    this.overlay.schedule()
  }

  choose(chosen: Chosen | null): void {
    this.scenery.chosen = chosen
    this.overlay.schedule()
  }

  /** The points of these ids among those in view. */
  pointsOf(ids: readonly string[]): PointFeature[] {
    return this.scenery.points.filter((point) => ids.includes(point.id))
  }

  refresh(): void {
    this.tiles.refresh()
  }

  retryFailed(): void {
    this.tiles.retryFailed()
  }

  /** The window changed its size without the browser's own event, for example because the rail was folded. */
  fitWindow(): void {
    this.map.invalidateSize({ pan: false })
  }

  focus(): void {
    this.map.getContainer().focus()
  }

  destroy(): void {
    cancelAnimationFrame(this.hoverFrame)
    this.map.remove()
  }

  private listen(container: HTMLElement): void {
    this.map.on('moveend', () => this.tellView())
    this.map.on('zoomend', () => this.contentChanged())
    this.map.on('click', (event) => this.listener.onPick(this.hitAt(event.latlng)))
    this.map.on('mousemove', (event) => this.hover(event))
    this.map.on('mouseout', () => this.unhover())
    DomEvent.on(container, 'keydown', (event) => {
      const { key, target } = event as KeyboardEvent
      if (key === 'Enter' && target === container) this.listener.onPick(this.hitAt(this.map.getCenter()))
    })
    // Only the keyboard needs to see where it is and where Enter would look; a key let go here came from Tab or an arrow.
    const byKeyboard = (isSo: boolean) => (): void => {
      container.classList.toggle('by-keyboard', isSo)
      this.scenery.crosshair = isSo ? () => this.worldOf(this.map.getCenter()) : null
      this.overlay.schedule()
    }
    DomEvent.on(container, 'keyup', byKeyboard(true))
    DomEvent.on(container, 'blur', byKeyboard(false))
    DomEvent.on(container, 'pointerdown', byKeyboard(false))
  }

  private worldOf(place: LatLng): XY {
    return toWorld(place.lng, place.lat)
  }

  private tellView(): void {
    const centre = this.map.getCenter()
    const zoom = this.map.getZoom()
    this.listener.onView({
      zoom,
      centre: [centre.lng, centre.lat],
      metresPerPixel: metresPerPixel(centre.lat, zoom),
    })
    this.contentChanged()
  }

  private contentChanged(): void {
    if (!this.map.hasLayer(this.overlay)) return
    const zoom = this.map.getZoom()
    this.scenery.learn(this.tiles.contentAt(zoom), zoom, this.tiles.health(zoom).pending === 0)
    this.tellHealth()
    this.overlay.schedule()
  }

  /** What has arrived and is not painted yet is on its way still. */
  private tellHealth(): void {
    const health = this.tiles.health(this.map.getZoom())
    this.listener.onHealth({ ...health, pending: health.pending + Number(this.scenery.isBehind()) })
  }

  private prepare(): boolean {
    const wasBehind = this.scenery.isBehind()
    const isBehind = this.scenery.prepare(canvasRatio(window.devicePixelRatio), slice())
    if (wasBehind && !isBehind) this.tellHealth()
    return isBehind
  }

  private hitAt(latlng: LatLng): Hit | null {
    return pick(this.scenery, this.worldOf(latlng), this.map.getZoom())
  }

  private hover(event: LeafletMouseEvent): void {
    cancelAnimationFrame(this.hoverFrame)
    // What is dragged travels with the pointer.
    if (this.overlay.isDragged) return
    this.hoverFrame = requestAnimationFrame(() => {
      const { lng, lat } = event.latlng
      const hit = this.hitAt(event.latlng)
      const level: CellLevel = sceneAt(this.map.getZoom()).cellLevel === 4 ? 4 : 5
      this.map.getContainer().style.cursor = hit ? 'pointer' : ''
      if (this.scenery.hover(hit)) this.overlay.schedule()
      this.listener.onPointer({
        at: [lng, lat],
        code: encode(lng, lat, level),
        hit,
        district: territoryAt(this.worldOf(event.latlng), this.scenery.clickableTerritories())?.name ?? null,
      })
    })
  }

  private unhover(): void {
    cancelAnimationFrame(this.hoverFrame)
    if (this.scenery.hover(null)) this.overlay.schedule()
    this.listener.onPointer(null)
  }
}
