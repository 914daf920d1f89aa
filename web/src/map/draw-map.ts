/** A map to place a point, or to draw a line or an area, on the same ground as the city's map. */
import 'leaflet/dist/leaflet.css'
import type { Bounds, LonLat } from '../api/wire.ts'
import { worldBox, zoomToFit } from './geography.ts'
import { loadGeoman } from './geoman.ts'
import type { Polyline} from './leaflet.ts';
import { DomEvent, divIcon, geoJSON, LeafletMap, Marker, Polygon, type LatLng } from './leaflet.ts'
import { canvasRatio } from './ink.ts'
import { OverlayLayer, slice } from './overlay-layer.ts'
import { PointPictures } from './point-pictures.ts'
import { Scenery, type SceneWishes } from './scenery.ts'
import { TileLayer } from './tile-layer.ts'
import { TileStore } from './tile-store.ts'

export type Tool = 'point' | 'line' | 'area'

/** GeoJSON geometry in CGCS2000. */
export interface Shape {
  type: 'Point' | 'LineString' | 'Polygon' | 'MultiLineString' | 'MultiPolygon'
  coordinates: unknown[]
}

type Drawn = Marker | Polyline

const DEEPEST = 18
const SHALLOWEST = 8
/** A point alone says nothing of how near to look; at this zoom its street is seen. */
const POINT_ZOOM = 16
/** Seven decimals of a degree are a centimetre; more would be noise of the pointer. */
const DECIMALS = 7

export class DrawMap {
  private readonly map: LeafletMap
  private readonly tiles: TileLayer
  private readonly overlay: OverlayLayer
  private readonly scenery: Scenery
  private readonly onShape: (shape: Shape) => void
  private drawn: Drawn | null = null
  private laid: ReturnType<typeof geoJSON> | null = null
  private tool: Tool = 'point'

  static async on(container: HTMLElement, wishes: SceneWishes, onShape: (shape: Shape) => void): Promise<DrawMap> {
    await loadGeoman()
    return new DrawMap(container, wishes, onShape)
  }

  private constructor(container: HTMLElement, wishes: SceneWishes, onShape: (shape: Shape) => void) {
    this.onShape = onShape
    this.map = new LeafletMap(container, {
      attributionControl: false,
      zoomControl: false,
      minZoom: SHALLOWEST,
      maxZoom: DEEPEST,
      fadeAnimation: false,
      zoomAnimation: false,
      // A click places; a double click would place and zoom at once.
      doubleClickZoom: false,
    })
    this.scenery = new Scenery(wishes, new PointPictures())
    this.tiles = new TileLayer(new TileStore(), wishes, () => this.contentChanged())
    this.overlay = new OverlayLayer(
      (surface) => this.scenery.paint(surface),
      () => this.scenery.prepare(canvasRatio(window.devicePixelRatio), slice()),
    )
    this.map.on('click', (event) => this.place(event.latlng))
    this.map.on('pm:create', ({ layer }) => this.finish(layer as Drawn))
    this.map.on('moveend', () => this.contentChanged())
    DomEvent.on(container, 'keydown', (event) => {
      const { key, target } = event as KeyboardEvent
      if (key !== 'Enter' || target !== container) return
      DomEvent.stop(event)
      this.place(this.map.getCenter())
    })
  }

  open(view: { centre: LonLat; zoom?: number } | Bounds): void {
    if (Array.isArray(view)) {
      const size = this.map.getSize()
      const zoom = zoomToFit(worldBox(view), [size.x, size.y], { tolerance: 1.1, deepest: POINT_ZOOM })
      this.map.setView([(view[1] + view[3]) / 2, (view[0] + view[2]) / 2], Math.max(zoom, SHALLOWEST))
    } else this.map.setView([view.centre[1], view.centre[0]], view.zoom ?? POINT_ZOOM)
    if (!this.map.hasLayer(this.tiles)) this.map.addLayer(this.tiles).addLayer(this.overlay)
    this.contentChanged()
  }

  /** Show a shape; what was drawn before goes. `looks` moves the map to it. */
  show(shape: Shape | null, looks: boolean): void {
    this.drop()
    if (!shape) return
    const [layer] = geoJSON(shape as GeoJSON.GeometryObject, {
      pointToLayer: (_feature, at) => this.marker(at),
      style: { color: '#1F4E79', weight: 3, fillOpacity: 0.15 },
    }).getLayers() as Drawn[]
    if (!layer) return
    this.take(layer)
    if (!looks) return
    if (layer instanceof Marker) this.map.setView(layer.getLatLng(), Math.max(this.map.getZoom(), POINT_ZOOM))
    else this.map.fitBounds(layer.getBounds(), { padding: [40, 40], maxZoom: DEEPEST })
  }

  /** Show a shape beside the drawn one, to be looked at only. */
  lay(shape: Shape | null): void {
    this.laid?.remove()
    this.laid = null
    if (!shape) return
    const style = { color: '#1F4E79', weight: 2, fillOpacity: 0.12, dashArray: '6 4' }
    this.laid = geoJSON(shape as GeoJSON.GeometryObject, { interactive: false, style, pmIgnore: true }).addTo(this.map)
  }

  use(tool: Tool): void {
    this.tool = tool
    this.map.pm.disableDraw()
    const path = { color: '#1F4E79', weight: 3 }
    const options = { allowSelfIntersection: false, pathOptions: path, templineStyle: path, hintlineStyle: { ...path, dashArray: '4 6' }, tooltips: false }
    if (tool === 'line') this.map.pm.enableDraw('Line', options)
    if (tool === 'area') this.map.pm.enableDraw('Polygon', options)
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

  private contentChanged(): void {
    if (!this.map.hasLayer(this.overlay)) return
    const zoom = this.map.getZoom()
    this.scenery.learn(this.tiles.contentAt(zoom), zoom, this.tiles.health(zoom).pending === 0)
    this.overlay.schedule()
  }

  private place(at: LatLng): void {
    if (this.tool !== 'point') return
    this.drop()
    this.take(this.marker(at))
    this.tell()
  }

  private finish(layer: Drawn): void {
    layer.remove()
    this.drop()
    this.take(layer)
    // What is drawn can be corrected at once; another one is a new wish.
    this.map.pm.disableDraw()
    this.tell()
  }

  private marker(at: LatLng): Marker {
    return new Marker(at, { icon: divIcon({ className: 'pin', iconSize: [28, 28], iconAnchor: [14, 14] }), draggable: true })
  }

  private take(layer: Drawn): void {
    this.drawn = layer
    layer.addTo(this.map)
    if (layer instanceof Marker) layer.on('dragend', () => this.tell())
    else {
      layer.pm.enable({ allowSelfIntersection: !(layer instanceof Polygon) })
      layer.on('pm:edit', () => this.tell())
    }
  }

  private drop(): void {
    this.drawn?.remove()
    this.drawn = null
  }

  private tell(): void {
    const feature = this.drawn?.toGeoJSON(DECIMALS)
    if (feature && 'geometry' in feature) this.onShape(feature.geometry)
  }
}
