/** The sites of an enterprise as the map draws them. */
import type { Bounds, Enterprise, LonLat, Site } from '../api/wire.ts'
import type { SiteShape } from '../map/site-painter.ts'

/** Rings of a GeoJSON polygon or of several; anything else has none. */
export function ringsOf(area: Site['area']): LonLat[][] {
  if (area?.type === 'Polygon') return area.coordinates as LonLat[][]
  if (area?.type === 'MultiPolygon') return (area.coordinates as LonLat[][][]).flat()
  return []
}

export function shapesOf(enterprise: Enterprise): SiteShape[] {
  return enterprise.sites.map((site) => ({ name: site.name || site.number, anchor: site.anchor, rings: ringsOf(site.area) }))
}

/** Where to look for it first: its first site, else the middle of what is known. */
export function anchorOf(enterprise: Enterprise): LonLat | null {
  const anchor = enterprise.sites.find((site) => site.anchor)?.anchor
  if (anchor) return anchor
  const { bounds } = enterprise
  return bounds ? [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2] : null
}

/** A single place has no width; this much around it, in degrees, is about 300 m. */
const LEAST_SIDE = 0.003
/** Room round it, as a share of its extent: marks stand at its very edge. */
const ROOM = 0.2

export function framed(bounds: Bounds): Bounds {
  const [west, south, east, north] = bounds
  const x = Math.max(LEAST_SIDE - (east - west), (east - west) * ROOM) / 2
  const y = Math.max(LEAST_SIDE - (north - south), (north - south) * ROOM) / 2
  return [west - x, south - y, east + x, north + y]
}

/** Wider than this, in degrees, its sites are in different parts of a city, and a map of all shows none of them. */
const WIDEST = 0.08

/** What its own map opens at: all of it, or the site with most points where its sites are far apart. */
export function homeOf(enterprise: Enterprise): Bounds | null {
  const { bounds } = enterprise
  if (!bounds) return null
  if (bounds[2] - bounds[0] <= WIDEST && bounds[3] - bounds[1] <= WIDEST) return framed(bounds)
  const first = [...enterprise.sites].filter((site) => site.anchor).sort((a, b) => b.points - a.points)[0]
  const anchor = first?.anchor
  return anchor ? framed([anchor[0], anchor[1], anchor[0], anchor[1]]) : framed(bounds)
}
