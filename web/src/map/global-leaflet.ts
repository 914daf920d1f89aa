/** Leaflet where a page written by folium looks for it. */
import * as leaflet from 'leaflet'

Object.assign(globalThis, { L: leaflet })
