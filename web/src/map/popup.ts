/** A popup on the map, filled with elements, never with markup. */
import type { LonLat } from '../api/wire.ts'
import { Popup, type LeafletMap } from './leaflet.ts'

export function openPopup(map: LeafletMap, at: LonLat, content: HTMLElement): void {
  new Popup({ minWidth: 260, maxWidth: 340, maxHeight: 360, autoPanPadding: [24, 24] })
    .setLatLng([at[1], at[0]])
    .setContent(content)
    .openOn(map)
}
