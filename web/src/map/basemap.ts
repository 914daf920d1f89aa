/**
 * The picture under the map, where the deployment names one. It is asked for only then, never tells what we draw, and a
 * tile that does not come leaves the land colour: our own layers do not know whether it is there.
 */
import type { Session } from '../api/wire.ts'
import { TILE_SIZE, type TileAddress } from './geography.ts'
import { PictureLayer, type LeafletMap } from './leaflet.ts'

export type Basemap = NonNullable<Session['basemap']>

/** Below the pane of our tiles, which is Leaflet's own (200). */
const PANE = 'basemap'
const PANE_HEIGHT = '150'

export class BasemapLayers {
  private readonly map: LeafletMap
  private shown: { basemap: Basemap; layers: PictureLayer[] } | null = null

  constructor(map: LeafletMap, basemap: Basemap | null) {
    this.map = map
    this.show(basemap)
  }

  show(basemap: Basemap | null): void {
    if (JSON.stringify(basemap) === JSON.stringify(this.shown?.basemap ?? null)) return
    for (const layer of this.shown?.layers ?? []) layer.remove()
    this.shown = null
    if (!basemap) return
    if (!this.map.getPane(PANE)) this.map.createPane(PANE).style.zIndex = PANE_HEIGHT
    const layers = basemap.templates.map((template) =>
      new PictureLayer(template, {
        pane: PANE,
        subdomains: basemap.subdomains,
        maxNativeZoom: basemap.max_zoom,
        noWrap: true,
        keepBuffer: 1,
      }).addTo(this.map),
    )
    this.shown = { basemap, layers }
  }
}

/** The addresses of one tile's pictures, from the lowest up; none where the basemap is not drawn that deep. */
export function pictureAddresses(basemap: Basemap, { z, x, y }: TileAddress): string[] {
  if (z > basemap.max_zoom) return []
  const { subdomains } = basemap
  const s = subdomains.length > 0 ? (subdomains[(x + y) % subdomains.length] ?? '') : ''
  const values: Record<string, string | number> = { z, x, y, s }
  return basemap.templates.map((template) => template.replace(/\{([zxys])\}/g, (_, name: string) => String(values[name])))
}

/** One tile of the basemap as a picture, its layers over each other; null when its lowest did not come. */
export async function loadPicture(basemap: Basemap, address: TileAddress): Promise<CanvasImageSource | null> {
  const images = await Promise.all(pictureAddresses(basemap, address).map(loadImage))
  const [lowest, ...upper] = images
  if (!lowest) return null
  const canvas = document.createElement('canvas')
  canvas.width = TILE_SIZE
  canvas.height = TILE_SIZE
  const context = canvas.getContext('2d')
  for (const image of [lowest, ...upper]) if (image) context?.drawImage(image, 0, 0, TILE_SIZE, TILE_SIZE)
  return canvas
}

function loadImage(address: string): Promise<HTMLImageElement | null> {
  return new Promise((resolve) => {
    const image = new Image()
    image.onload = () => resolve(image)
    image.onerror = () => resolve(null)
    image.src = address
  })
}
