/** What the overlay knows and draws: territories met so far, points in view, the chosen place. */
import { worstOf } from '../api/grades.ts'
import type { LonLat, View } from '../api/wire.ts'
import { boundsOf } from './beidou.ts'
import { toWorld, worldBox, type Box, type XY } from './geography.ts'
import { tilesNear, type Hit } from './hit.ts'
import { layLabels, paintLabels, type DistrictLabel } from './label-painter.ts'
import type { PlacedLabel } from './labels.ts'
import { paintCellFrame, paintCrosshair, paintOutlines, type OverlaySurface } from './overlay-painter.ts'
import { paintPointRing, paintPoints } from './point-painter.ts'
import type { PointPictures } from './point-pictures.ts'
import { paintEnterprises, paintSites, type SiteShape } from './site-painter.ts'
import { sceneAt, type Scene } from './style.ts'
import { PointSprites, type PointManner } from './point-sprites.ts'
import { symbolsOf } from './symbols.ts'
import type { DecodedTile, EnterpriseFeature, PointFeature, TerritoryFeature } from './tile-decode.ts'
import type { TileWishes } from './tile-sources.ts'

export type Chosen =
  | { kind: 'territory'; key: string }
  | { kind: 'cell'; code: string }
  | { kind: 'point' | 'enterprise'; anchor: LonLat | null }

export interface SceneWishes extends TileWishes {
  labels: readonly DistrictLabel[]
  /** Sites of the enterprise looked at. */
  sites: readonly SiteShape[]
  format: (count: number) => string
}

export class Scenery {
  wishes: SceneWishes
  chosen: Chosen | null = null
  crosshair: (() => XY) | null = null
  enterprises: EnterpriseFeature[] = []
  tiles: ReadonlyMap<string, DecodedTile> = new Map()
  /** Boxes of the labels drawn, in pixels of the whole world at the zoom drawn. */
  plates: readonly PlacedLabel[] = []
  /** The last layout of the labels and what it was made from; it holds while the map is dragged. */
  private laid: { parts: unknown[]; placed: PlacedLabel[] } | null = null
  private hovered: { key: string; box: Box | null } | null = null
  /** Territories met, with the zoom whose tile told of them: an outline stays while finer ones load. */
  private readonly known = new Map<string, { zoom: number; territory: TerritoryFeature }>()

  private readonly sprites = new PointSprites()
  private readonly pictures: PointPictures | null
  private zoom = 0
  private pointsMet: PointFeature[] | null = null

  /** `pictures`: where a street's points are prepared beforehand; without, as on paper, they are painted when asked for. */
  constructor(wishes: SceneWishes, pictures: PointPictures | null = null) {
    this.wishes = wishes
    this.pictures = pictures
  }

  /** The points of all tiles, each symbol once. */
  get points(): PointFeature[] {
    return (this.pointsMet ??= pointsOnce([...this.tiles.values()].map((tile) => tile.points)))
  }

  /** `isSettled`: no more tiles are on their way. */
  learn(tiles: ReadonlyMap<string, DecodedTile>, zoom: number, isSettled = true): void {
    this.tiles = tiles
    this.zoom = zoom
    this.pointsMet = null
    this.pictures?.learn(this.arePictured(zoom) ? tiles : new Map(), isSettled)
    const sites = new Map<string, EnterpriseFeature>()
    for (const tile of tiles.values()) {
      for (const territory of tile.territories) this.known.set(territory.key, { zoom, territory })
      // A mark near an edge is in two tiles.
      for (const site of tile.enterprises) sites.set(`${site.id}@${site.at.map((part) => part.toFixed(8)).join()}`, site)
    }
    this.enterprises = [...sites.values()]
  }

  /** Points of the tiles a place is in or near. */
  pointsNear(place: XY): PointFeature[] {
    return pointsOnce(tilesNear(place, this.zoom).map((key) => this.tiles.get(key)?.points ?? []))
  }

  /** Paint points beforehand for a screen of this ratio until the clock says stop; true when something is left to do. */
  prepare(ratio: number, isTimeUp: () => boolean): boolean {
    if (!this.pictures || !this.arePictured(this.zoom)) return false
    return this.pictures.prepare({ ...this.manner(sceneAt(this.zoom)), ratio }, isTimeUp)
  }

  isBehind(): boolean {
    return this.pictures !== null && this.arePictured(this.zoom) && this.pictures.isBehind()
  }

  private arePictured(zoom: number): boolean {
    return this.wishes.layers.points && sceneAt(zoom).points === 'all'
  }

  private manner(scene: Scene): PointManner {
    return { scene, letters: this.wishes.letters, sprites: this.sprites }
  }

  territory(key: string): TerritoryFeature | null {
    return this.known.get(key)?.territory ?? null
  }

  /** Districts always; zones only where the counts are theirs. */
  clickableTerritories(): TerritoryFeature[] {
    const levels = this.wishes.filter.view === 'managed' ? ['district', 'functional_zone'] : ['district']
    return [...this.known.values()].map((entry) => entry.territory).filter(({ level }) => levels.includes(level))
  }

  /** Those whose outlines are drawn at a zoom. */
  outlinedTerritories(zoom: number): TerritoryFeature[] {
    return [...this.known.values()].map((entry) => entry.territory).filter(isOutlined(zoom, this.wishes.filter.view))
  }

  /** Remember what the pointer is over; true when that changes the picture. */
  hover(hit: Hit | null): boolean {
    const next = hit?.kind === 'cell' ? { key: hit.cell.code, box: hit.cell.box } : null
    const isNew = next?.key !== this.hovered?.key
    this.hovered = next
    return isNew
  }

  paint(surface: OverlaySurface): void {
    const { wishes, chosen } = this
    const scene = sceneAt(surface.zoom)
    const chosenKey = chosen?.kind === 'territory' ? chosen.key : null
    const alone = chosenKey === null ? null : this.territory(chosenKey)
    paintOutlines(surface, wishes.layers.territories ? this.outlinedTerritories(surface.zoom) : alone ? [alone] : [], chosenKey)
    paintEnterprises(surface, this.enterprises, wishes.letters)
    paintSites(surface, wishes.sites)
    if (this.pictures && this.arePictured(surface.zoom)) this.pictures.compose(surface)
    else if (wishes.layers.points && scene.points !== 'none') paintPoints(surface, this.points, this.manner(scene))
    if (this.hovered?.box) paintCellFrame(surface, this.hovered.box, false)
    this.paintChosen(surface)
    this.plates = []
    if (wishes.layers.territories) this.paintDistrictLabels(surface)
    if (this.crosshair) paintCrosshair(surface, this.crosshair())
  }

  private paintChosen(surface: OverlaySurface): void {
    const { chosen } = this
    if (chosen?.kind === 'cell') {
      const bounds = boundsOf(chosen.code)
      if (bounds) paintCellFrame(surface, worldBox(bounds), true)
    }
    if (chosen?.kind === 'point' && chosen.anchor) {
      paintPointRing(surface, toWorld(chosen.anchor[0], chosen.anchor[1]))
    }
  }

  private paintDistrictLabels(surface: OverlaySurface): void {
    const { wishes, chosen } = this
    const scene = sceneAt(surface.zoom)
    const manner = {
      withCounts: scene.districtCounts,
      grades: wishes.filter.grades,
      chosen: chosen?.kind === 'territory' ? chosen.key : null,
      format: wishes.format,
    }
    const symbols = wishes.layers.points && scene.points === 'major' ? this.points : []
    const parts = [surface.zoom, wishes.labels, wishes.filter.grades, symbols.length]
    if (!this.laid || this.laid.parts.some((part, i) => part !== parts[i])) {
      const places = symbolsOf(symbols, surface.zoom).map((symbol) => symbol.at)
      this.laid = { parts, placed: layLabels(surface, wishes.labels, { manner, symbols: places }) }
    }
    const { placed } = this.laid
    paintLabels(surface, wishes.labels, { placed, manner })
    if (manner.withCounts) this.plates = placed
  }
}

/** A symbol near an edge is in two tiles; a line or an area is drawn tile by tile. */
function pointsOnce(lists: readonly (readonly PointFeature[])[]): PointFeature[] {
  const seen = new Set<string>()
  return lists.flat().filter((point) => {
    if (point.kind === 'point' && seen.has(point.id)) return false
    seen.add(point.id)
    return true
  })
}

/** Towns only when near; functional zones only where the counts are theirs. */
function isOutlined(zoom: number, view: View): (territory: TerritoryFeature) => boolean {
  const levels = ['city', 'district', ...(zoom >= 12 ? ['town', 'zone_town'] : []), ...(view === 'managed' ? ['functional_zone'] : [])]
  return (territory) => levels.includes(territory.level)
}

/** The districts' counts keyed for the fill by worst point. */
export function districtsByKey(labels: readonly DistrictLabel[]): TileWishes['districts'] {
  return new Map(labels.map((label) => [label.key, { grade: worstOf(label.counts), counts: label.counts }]))
}
