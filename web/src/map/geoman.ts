/**
 * Geoman's drawing on our Leaflet. It extends a global `L`, which Leaflet's own build leaves behind, and hooks itself
 * into every map that is made afterwards.
 */
import * as leaflet from 'leaflet'
import '@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.css'

export async function loadGeoman(): Promise<void> {
  const world = globalThis as { L?: unknown }
  world.L ??= { ...leaflet }
  await import('@geoman-io/leaflet-geoman-free')
}
