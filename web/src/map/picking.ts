/** What a click on the map means: label over point over site over cell over district, as far as they are drawn. */
import { worldPixels, type XY } from './geography.ts'
import { cellAt, enterpriseAt, pointsAt, territoryAt, type Hit } from './hit.ts'
import { holds } from './labels.ts'
import type { Scenery } from './scenery.ts'
import { sceneAt } from './style.ts'

export function pick(scenery: Scenery, place: XY, zoom: number): Hit | null {
  const { layers } = scenery.wishes
  const pixel: XY = [place[0] * worldPixels(zoom), place[1] * worldPixels(zoom)]
  const plate = scenery.plates.find(({ box }) => holds(box, pixel))
  const labelled = plate ? scenery.territory(plate.key) : null
  if (labelled) return { kind: 'territory', territory: labelled }
  const points = layers.points ? pointsAt(place, scenery.pointsNear(place), zoom) : []
  if (points.length > 0) return { kind: 'points', points }
  const enterprise = enterpriseAt(place, scenery.enterprises, zoom)
  if (enterprise) return { kind: 'enterprise', enterprise }
  const { cellLevel } = sceneAt(zoom)
  const cell = layers.cells && cellLevel !== null ? cellAt(place, scenery.tiles, { zoom, level: cellLevel }) : null
  if (cell && (cell.counts.total > 0 || cell.crossing > 0)) return { kind: 'cell', cell }
  const territory = territoryAt(place, scenery.clickableTerritories())
  return territory ? { kind: 'territory', territory } : null
}
