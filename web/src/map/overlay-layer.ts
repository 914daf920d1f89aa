/** The Leaflet shell round the overlay painters: one canvas over the window that follows pan and zoom. */
import { canvasRatio } from './ink.ts'
import { worldPixels } from './geography.ts'
import { DomUtil, Layer, latLng, point, type LatLng, type LeafletEventHandlerFn, type LeafletMap, type Point, type ZoomAnimEvent } from './leaflet.ts'
import type { OverlaySurface } from './overlay-painter.ts'

/** Share of the window drawn beyond each edge, so that a drag shows no blank. */
const PADDING = 0.2
/** The corner stands on a multiple of this many pixels of the world: a whole device pixel on every screen (see `canvasRatio`). */
const CORNER_STEP_PX = 4
/** While much is being prepared, the picture so far is shown this often, in milliseconds. */
const SHOW_EVERY_MS = 200

/** Work of one frame beside drawing it: what leaves room for the pointer at 30 frames a second. */
const SLICE_MS = 10

/** A clock that says when the work of one frame is done. */
export function slice(): () => boolean {
  const end = performance.now() + SLICE_MS
  return () => performance.now() >= end
}

export class OverlayLayer extends Layer {
  private readonly canvas = document.createElement('canvas')
  private readonly draw: (surface: OverlaySurface) => void
  private readonly prepare: () => boolean
  private frame = 0
  /** From the first movement until the map rests, gliding included. */
  isDragged = false
  private drawnAt = 0
  /** From the middle of the window to the upper left corner of the canvas, when it was drawn. */
  private drawnShift: Point = point(0, 0)
  private drawnCentre: LatLng = latLng(0, 0)
  private drawnZoom = 0
  private map: LeafletMap | null = null

  /** `prepare` does a part of what the drawing needs, no longer than a frame has room for, and says whether more is left. */
  constructor(draw: (surface: OverlaySurface) => void, prepare: () => boolean) {
    super({ pane: 'overlayPane' })
    this.draw = draw
    this.prepare = prepare
    this.canvas.className = 'leaflet-zoom-animated'
    this.canvas.style.pointerEvents = 'none'
  }

  override onAdd(map: LeafletMap): this {
    this.map = map
    this.getPane()?.append(this.canvas)
    this.redraw()
    return this
  }

  override onRemove(): this {
    cancelAnimationFrame(this.frame)
    this.canvas.remove()
    this.map = null
    return this
  }

  override getEvents(): Record<string, LeafletEventHandlerFn> {
    return {
      dragstart: () => {
        this.isDragged = true
      },
      moveend: () => {
        this.isDragged = false
        this.redraw()
      },
      viewreset: () => this.redraw(),
      resize: () => this.redraw(),
      move: () => this.redrawWhenUncovered(),
      zoom: () => this.follow(this.map?.getCenter(), this.map?.getZoom()),
      zoomanim: (event) => {
        const { center, zoom } = event as ZoomAnimEvent
        this.follow(center, zoom)
      },
    }
  }

  /**
   * Draw again with the next frame; many calls are one drawing. While the map is dragged the picture travels along, and
   * what arrives meanwhile is prepared, and drawn when it rests.
   */
  schedule(): void {
    cancelAnimationFrame(this.frame)
    this.frame = requestAnimationFrame(() => this.work())
  }

  private work(): void {
    const isMore = this.prepare()
    if (isMore) this.schedule()
    if (!this.isDragged && (!isMore || performance.now() - this.drawnAt > SHOW_EVERY_MS)) this.redraw()
  }

  private redraw(): void {
    const { map, canvas } = this
    if (!map) return
    const size = map.getSize()
    const wished = map.containerPointToLayerPoint(size.multiplyBy(-PADDING)).add(map.getPixelOrigin())
    const origin = wished.divideBy(CORNER_STEP_PX).floor().multiplyBy(CORNER_STEP_PX)
    const corner = origin.subtract(map.getPixelOrigin())
    const whole = size.multiplyBy(1 + 2 * PADDING).round()
    const ratio = canvasRatio(window.devicePixelRatio)
    canvas.width = Math.ceil(whole.x * ratio)
    canvas.height = Math.ceil(whole.y * ratio)
    canvas.style.width = `${canvas.width / ratio}px`
    canvas.style.height = `${canvas.height / ratio}px`
    DomUtil.setPosition(canvas, corner)
    this.drawnCentre = map.getCenter()
    this.drawnZoom = map.getZoom()
    this.drawnShift = corner.subtract(map.latLngToLayerPoint(this.drawnCentre))
    const context = canvas.getContext('2d')
    if (!context) return
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, whole.x, whole.y)
    this.draw({
      context,
      zoom: this.drawnZoom,
      pixels: worldPixels(this.drawnZoom),
      origin: [origin.x, origin.y],
      size: [whole.x, whole.y],
    })
    this.drawnAt = performance.now()
  }

  private redrawWhenUncovered(): void {
    const { map } = this
    if (!map || map.getZoom() !== this.drawnZoom) return
    const shift = map.latLngToContainerPoint(this.drawnCentre).subtract(map.getSize().divideBy(2))
    const spare = map.getSize().multiplyBy(PADDING)
    if (Math.abs(shift.x) > spare.x || Math.abs(shift.y) > spare.y) this.redraw()
  }

  /** Stretch the drawn picture to where it belongs while the map zooms. */
  private follow(centre: LatLng | undefined, zoom: number | undefined): void {
    const { map } = this
    if (!map || !centre || zoom === undefined) return
    const scale = map.getZoomScale(zoom, this.drawnZoom)
    const offset = this.drawnShift
      .multiplyBy(scale)
      .add(map.project(this.drawnCentre, zoom))
      .subtract(this.pixelOrigin(map, centre, zoom))
    DomUtil.setTransform(this.canvas, offset, scale)
  }

  /** The pixel origin the map will have once it shows this view. */
  private pixelOrigin(map: LeafletMap, centre: LatLng, zoom: number): Point {
    const pane = map.getPane('mapPane')
    const drift = pane ? DomUtil.getPosition(pane) : map.getSize().multiplyBy(0)
    return map.project(centre, zoom).subtract(map.getSize().divideBy(2)).add(drift).round()
  }
}
