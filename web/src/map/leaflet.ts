/** The one door to Leaflet, so that its next major version is a change of this folder only. */
export {
  CircleMarker,
  DomEvent,
  DomUtil,
  GridLayer,
  Layer,
  Map as LeafletMap,
  Marker,
  Polygon,
  Polyline,
  Popup,
  TileLayer as PictureLayer,
  divIcon,
  geoJSON,
  latLng,
  latLngBounds,
  point,
} from 'leaflet'
export type { PathOptions, Coords, DoneCallback, LatLng, LeafletEventHandlerFn, LeafletMouseEvent, Point, ZoomAnimEvent } from 'leaflet'
