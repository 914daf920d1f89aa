/** A map of the features that a page of OGC API lists. The page stands without it: it is a table and links. */
import 'leaflet/dist/leaflet.css'
import palette from '../../palette.json' with { type: 'json' }
import { CircleMarker, LeafletMap, geoJSON, type PathOptions } from './leaflet.ts'
import './preview.css'

type Properties = Record<string, unknown>
type Features = GeoJSON.FeatureCollection<GeoJSON.Geometry | null, Properties>
type Placed = GeoJSON.FeatureCollection<GeoJSON.Geometry, Properties>
type One = GeoJSON.Feature<GeoJSON.Geometry, Properties>

const grades = palette.grades as Record<string, { fill: string }>
const GROUND: PathOptions = { color: palette.surfaces.outline, weight: 1, fillColor: palette.surfaces.land, fillOpacity: 1, interactive: false }
/** Closer than this a single point would stand in an empty window. */
const CLOSEST = 15

function colourOf(properties: Properties): string {
  return (typeof properties.grade === 'string' ? grades[properties.grade]?.fill : undefined) ?? palette.inks.accent
}

function styleOf(feature: One): PathOptions {
  const colour = colourOf(feature.properties)
  return feature.geometry.type.endsWith('Point')
    ? { color: '#fff', weight: 1, fillColor: colour, fillOpacity: 1 }
    : { color: colour, weight: 2, fillOpacity: 0.55 }
}

async function read(address: string): Promise<Features> {
  const answer = await fetch(address, { headers: { Accept: 'application/geo+json' } })
  if (!answer.ok) throw new Error(String(answer.status))
  return (await answer.json()) as Features
}

/** What has a place; the others are in the table alone. */
function placed(features: Features): Placed {
  return { type: 'FeatureCollection', features: features.features.filter((one): one is One => one.geometry !== null) }
}

async function show(holder: HTMLElement): Promise<void> {
  const map = new LeafletMap(holder, { preferCanvas: true, attributionControl: false, zoomSnap: 0.5 })
  const ground = holder.dataset.ground ? geoJSON(placed(await read(holder.dataset.ground)), { style: GROUND, pointToLayer: (_, at) => new CircleMarker(at, { radius: 0 }) }) : null
  const shown = geoJSON(placed(await read(holder.dataset.preview ?? '')), {
    style: (feature) => styleOf(feature as One),
    pointToLayer: (_, at) => new CircleMarker(at, { radius: 5 }),
    onEachFeature: (feature: One, layer) => layer.bindPopup(() => card(feature, holder.dataset.items ?? '')),
  })
  const bounds = [shown, ground].map((one) => one?.getBounds()).find((one) => one?.isValid())
  if (!bounds) {
    holder.hidden = true
    return
  }
  map.fitBounds(bounds, { maxZoom: CLOSEST, padding: [12, 12] })
  ground?.addTo(map)
  shown.addTo(map)
  holder.dataset.shown = String(shown.getLayers().length)
}

function card(feature: One, items: string): HTMLElement {
  const link = document.createElement('a')
  link.href = `${items}/${feature.id}?f=html`
  const { name, code } = feature.properties as { name?: string; code?: string }
  link.textContent = name ?? code ?? String(feature.id)
  return link
}

for (const holder of document.querySelectorAll<HTMLElement>('[data-preview]')) {
  show(holder).catch(() => {
    holder.hidden = true
  })
}
