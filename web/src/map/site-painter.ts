/** The sites of an enterprise: their ground as an outline, the place they are reached at as a mark. */
import palette from '../../palette.json' with { type: 'json' }
import type { Grade, LonLat } from '../api/wire.ts'
import { toWorld, type XY } from './geography.ts'
import { FONT, type Letters } from './ink.ts'
import { onCanvas, strokeCased, traceLines, type OverlaySurface } from './overlay-painter.ts'
import { gradeFill, gradeInk, INK } from './style.ts'
import type { EnterpriseFeature } from './tile-decode.ts'

export interface SiteShape {
  name: string
  anchor: LonLat | null
  /** Rings of its ground in degrees; empty where only a point is known. */
  rings: readonly (readonly LonLat[])[]
}

/** From this zoom the name of a site has room beside it. */
const FIRST_NAME_ZOOM = 15
const MARK_PX = 7

export function paintSites(surface: OverlaySurface, sites: readonly SiteShape[]): void {
  for (const site of sites) {
    if (site.rings.length === 0) continue
    traceLines(surface, site.rings.map((ring) => ring.map(([lon, lat]) => toWorld(lon, lat))))
    strokeCased(surface.context, { colour: palette.inks.accent, width: 2, dash: [8, 4] })
  }
  for (const site of sites) if (site.anchor) paintMark(surface, site, site.anchor)
}

/** A square standing on its corner: neither a cell nor the disc of a risk point. */
function traceDiamond(context: CanvasRenderingContext2D, [x, y]: XY, reach: number): void {
  context.beginPath()
  context.moveTo(x, y - reach)
  context.lineTo(x + reach, y)
  context.lineTo(x, y + reach)
  context.lineTo(x - reach, y)
  context.closePath()
}

const ORDER: readonly (Grade | null)[] = ['major', 'large', 'general', 'low', 'unassessed', null]

/** Every site in view, filled by the worst of its enterprise's points; hollow where no register is kept. */
export function paintEnterprises(surface: OverlaySurface, sites: readonly EnterpriseFeature[], letters: Letters): void {
  const { context } = surface
  // The worst are painted last, so that nothing covers them.
  const sorted = [...sites].sort((a, b) => ORDER.indexOf(b.grade) - ORDER.indexOf(a.grade))
  for (const site of sorted) {
    const at = onCanvas(surface, site.at)
    traceDiamond(context, at, MARK_PX + 1)
    strokeCased(context, { colour: INK, width: 1.2, ...(site.grade ? {} : { dash: [3, 2] }) })
    context.fillStyle = site.grade ? gradeFill(site.grade) : palette.surfaces.surface
    context.fill()
    if (site.grade !== 'major' && site.grade !== 'large') continue
    context.fillStyle = gradeInk(site.grade)
    context.font = `700 9px ${FONT}`
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    context.fillText(letters[site.grade], at[0], at[1] + 0.5)
  }
}

function paintMark(surface: OverlaySurface, site: SiteShape, anchor: LonLat): void {
  const { context } = surface
  const [x, y] = onCanvas(surface, toWorld(anchor[0], anchor[1]))
  traceDiamond(context, [x, y], MARK_PX + 4)
  strokeCased(context, { colour: palette.inks.accent, width: 2 })
  if (surface.zoom < FIRST_NAME_ZOOM || !site.name) return
  context.font = `600 12px ${FONT}`
  context.textAlign = 'center'
  context.textBaseline = 'top'
  context.lineJoin = 'round'
  context.lineWidth = 3.5
  context.strokeStyle = 'rgba(255,255,255,0.92)'
  context.strokeText(site.name, x, y + MARK_PX + 11)
  context.fillStyle = INK
  context.fillText(site.name, x, y + MARK_PX + 11)
}
