/** District labels: names, at overview with the four counts. */
import palette from '../../palette.json' with { type: 'json' }
import { countsShown, GRADES } from '../api/grades.ts'
import type { Counts, Grade, LonLat } from '../api/wire.ts'
import { toWorld, type Box, type XY } from './geography.ts'
import { FONT, traceRounded } from './ink.ts'
import { placeLabels, type PlacedLabel } from './labels.ts'
import { onCanvas, type OverlaySurface } from './overlay-painter.ts'
import { gradeFill, gradeInk, INK } from './style.ts'

export interface DistrictLabel {
  key: string
  name: string
  label: LonLat
  counts: Counts
}

export interface LabelManner {
  withCounts: boolean
  grades: readonly Grade[]
  chosen: string | null
  format: (count: number) => string
}

const NAME_FONT = `600 13px ${FONT}`
const COUNT_FONT = `600 11px ${FONT}`
const PADDING = 6
const NAME_HEIGHT = 17
const CHIP_HEIGHT = 15
const CHIP_GAP = 2

/** The four assessed grades; what is not assessed is told in the drawer. */
function gradesOnLabel(grades: readonly Grade[]): Grade[] {
  return GRADES.filter((grade) => grade !== 'unassessed' && grades.includes(grade))
}

function chipWidth(context: CanvasRenderingContext2D, text: string): number {
  context.font = COUNT_FONT
  return Math.max(15, Math.ceil(context.measureText(text).width) + 7)
}

function sizeOf(context: CanvasRenderingContext2D, district: DistrictLabel, manner: LabelManner): XY {
  context.font = NAME_FONT
  const name = Math.ceil(context.measureText(district.name).width)
  if (!manner.withCounts) return [name + 8, NAME_HEIGHT + 4]
  const grades = gradesOnLabel(manner.grades)
  const chips = grades.map((grade) => chipWidth(context, manner.format(district.counts[grade])))
  const width = chips.reduce((sum, each) => sum + each + CHIP_GAP, -CHIP_GAP)
  return [Math.max(name, width) + 2 * PADDING, NAME_HEIGHT + (grades.length > 0 ? CHIP_HEIGHT + 2 : 0) + 2 * PADDING - 3]
}

function crowding(district: DistrictLabel, all: readonly DistrictLabel[]): number {
  const [lon, lat] = district.label
  return all.reduce((sum, other) => sum + 1 / (0.05 + Math.hypot(lon - other.label[0], lat - other.label[1])), 0)
}

/** Labels with their boxes in pixels of the whole world, which stay true while the map is dragged. */
export function layLabels(
  surface: OverlaySurface,
  districts: readonly DistrictLabel[],
  room: { manner: LabelManner; symbols: readonly XY[] },
): PlacedLabel[] {
  const world: OverlaySurface = { ...surface, origin: [0, 0] }
  // The most crowded first: a label far from all others can give way nowhere better than where it stands.
  const requests = [...districts]
    .sort((a, b) => crowding(b, districts) - crowding(a, districts))
    .map((district) => ({
      key: district.key,
      at: onCanvas(world, toWorld(district.label[0], district.label[1])),
      size: sizeOf(surface.context, district, room.manner),
    }))
  return placeLabels(requests, { taken: [], symbols: room.symbols.map((symbol) => onCanvas(world, symbol)) })
}

export function paintLabels(
  surface: OverlaySurface,
  districts: readonly DistrictLabel[],
  what: { placed: readonly PlacedLabel[]; manner: LabelManner },
): void {
  const byKey = new Map(districts.map((district) => [district.key, district]))
  const { context, origin } = surface
  const shift = ([x, y]: XY): XY => [x - origin[0], y - origin[1]]
  const shifted = what.placed.map(({ key, box, leader }) => ({
    district: byKey.get(key),
    box: [...shift([box[0], box[1]]), ...shift([box[2], box[3]])] as unknown as Box,
    leader: leader ? shift(leader) : null,
  }))
  for (const { box, leader } of shifted) if (leader) paintLeader(context, box, leader)
  for (const { district, box } of shifted) {
    if (!district) continue
    if (what.manner.withCounts) paintPlate(context, box, { district, manner: what.manner })
    else paintName(context, box, district.name)
  }
}

function paintLeader(context: CanvasRenderingContext2D, box: Box, to: XY): void {
  const from: XY = [Math.max(box[0], Math.min(box[2], to[0])), Math.max(box[1], Math.min(box[3], to[1]))]
  context.beginPath()
  context.moveTo(from[0], from[1])
  context.lineTo(to[0], to[1])
  context.strokeStyle = palette.inks.muted
  context.lineWidth = 1
  context.stroke()
  context.beginPath()
  context.arc(to[0], to[1], 2.4, 0, 2 * Math.PI)
  context.fillStyle = palette.inks.muted
  context.fill()
}

function paintName(context: CanvasRenderingContext2D, box: Box, name: string): void {
  context.font = `600 14px ${FONT}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.lineJoin = 'round'
  context.lineWidth = 4
  context.strokeStyle = 'rgba(255,255,255,0.94)'
  const at: XY = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]
  context.strokeText(name, at[0], at[1])
  context.fillStyle = INK
  context.fillText(name, at[0], at[1])
}

function paintPlate(
  context: CanvasRenderingContext2D,
  box: Box,
  what: { district: DistrictLabel; manner: LabelManner },
): void {
  const { district, manner } = what
  const isChosen = manner.chosen === district.key
  const left = Math.round(box[0])
  const top = Math.round(box[1])
  traceRounded(context, [left + 0.5, top + 0.5, box[2] - box[0] - 1, box[3] - box[1] - 1], 5)
  context.fillStyle = 'rgba(255,255,255,0.96)'
  context.fill()
  context.strokeStyle = isChosen ? INK : palette.surfaces['line-strong']
  context.lineWidth = isChosen ? 2 : 1
  context.stroke()
  context.font = NAME_FONT
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  context.fillStyle = INK
  context.fillText(district.name, left + PADDING, top + PADDING + NAME_HEIGHT / 2 - 2)
  const shown = countsShown(district.counts, manner.grades)
  let x = left + PADDING
  const y = top + PADDING + NAME_HEIGHT - 2
  for (const grade of gradesOnLabel(manner.grades)) {
    const text = manner.format(shown[grade])
    const width = chipWidth(context, text)
    const isEmpty = shown[grade] === 0
      traceRounded(context, [x, y, width, CHIP_HEIGHT], 3)
    context.fillStyle = isEmpty ? palette.surfaces.hover : gradeFill(grade)
    context.fill()
    context.fillStyle = isEmpty ? palette.inks.faint : gradeInk(grade)
    context.textAlign = 'center'
    context.fillText(text, x + width / 2, y + CHIP_HEIGHT / 2 + 0.5)
    x += width + CHIP_GAP
  }
}
