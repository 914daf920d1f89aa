/** Where a search result leads: an address of the map that shows the place and opens its card. */
import type { Found, LonLat } from '../api/wire.ts'
import { worldBox, zoomToFit, type XY } from '../map/geography.ts'

/** Zooms at which a place without an extent is seen with its surroundings, the deepest and the shallowest of all. */
const PLACE_ZOOM = 16
const DEEPEST = 17
const SHALLOWEST = 5
/** What is found fills no more than this share of the window. */
const ROOM = 0.8
/** Letters of a cell of level 5, the finest whose points are counted. */
const COUNTED_CODE = 11

/** The card of a result, as the map's address names it. */
export function cardOf(found: Found): string | null {
  switch (found.kind) {
    case 'enterprise':
      return found.id ? `enterprise:${found.id}` : null
    case 'risk_point':
      return found.id ? `point:${found.id}` : null
    case 'territory':
      return found.key ? `territory:${found.key}` : null
    case 'cell':
    case 'position':
      return found.code ? `cell:${found.code.slice(0, COUNTED_CODE)}` : null
  }
}

/** Latitude, longitude and zoom that show a result in a window of so many pixels; null where it stands nowhere. */
export function viewOf(found: Found, window: XY): string | null {
  const { bounds } = found
  const centre: LonLat | null = bounds ? [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2] : found.at
  if (!centre) return null
  const zoom = bounds ? zoomToFit(worldBox(bounds), window, { tolerance: ROOM, deepest: DEEPEST }) : PLACE_ZOOM
  return `${centre[1].toFixed(6)},${centre[0].toFixed(6)},${Math.max(SHALLOWEST, zoom)}`
}

/** The map's query for a result; how it is coloured and filtered stays, what was looked at and chosen goes. */
export function queryFor(found: Found, present: Record<string, unknown>, window: XY): Record<string, string> {
  const query: Record<string, string> = {}
  for (const [name, value] of Object.entries(present)) if (typeof value === 'string') query[name] = value
  delete query.show
  const [card, view] = [cardOf(found), viewOf(found, window)]
  if (card) query.show = card
  if (view) query.at = view
  return query
}

/** Two numbers in any usual writing: the reader may have to say what they refer to. */
export function looksLikePlace(words: string): boolean {
  return /^[\s(（]*[EWNS东西南北经纬度：:]*\s*-?\d{1,3}([.°度]\d*)?.*[,，;；\s°′″'"NSEW].*\d/i.test(words) && !/[^\d\s.,，;；°′″'"度分秒NSEWnsew东西南北经纬：:()（）+-]/.test(words)
}
