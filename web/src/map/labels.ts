/** Placing of labels so that none covers another, stable while the map is dragged, in pure arithmetic. */
import type { Box, XY } from './geography.ts'

export interface LabelRequest {
  key: string
  /** Where the label would like its centre, in pixels of the whole world. */
  at: XY
  size: XY
}

export interface PlacedLabel {
  key: string
  box: Box
  /** The place meant, when the label had to move away from it. */
  leader: XY | null
}

/** Directions tried around a place, and the distances in pixels: near ones first. */
const DIRECTIONS = 16
const DISTANCES = [26, 44, 64, 88, 116, 148]
/** Moving this many pixels away is worth uncovering one symbol. */
const HIDDEN_SYMBOL_COST_PX = 9
/** A label moved less than this needs no leader line. */
const LEADER_FROM_PX = 20

function boxAround(centre: XY, size: XY): Box {
  return [centre[0] - size[0] / 2, centre[1] - size[1] / 2, centre[0] + size[0] / 2, centre[1] + size[1] / 2]
}

export function overlaps(one: Box, other: Box): boolean {
  return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]
}

/** What a label that finds no room costs: more than any way it could move. */
const LEFT_OUT_COST_PX = 600

export interface Room {
  /** Boxes no label may cover. */
  taken: readonly Box[]
  /** Places of symbols that had better stay visible. */
  symbols: readonly XY[]
}

/**
 * Boxes for the labels. No label covers a taken box or another label; each takes the free box nearest to its place
 * that hides the fewest symbols. Who comes first matters, so a few orders are tried and the cheapest is kept.
 */
export function placeLabels(labels: readonly LabelRequest[], room: Room): PlacedLabel[] {
  const orders = [
    [...labels],
    [...labels].reverse(),
    [...labels].sort((a, b) => a.at[1] - b.at[1]),
    [...labels].sort((a, b) => b.at[1] - a.at[1]),
    [...labels].sort((a, b) => a.at[0] - b.at[0]),
    [...labels].sort((a, b) => b.at[0] - a.at[0]),
  ]
  const tries = orders.map((order) => placeInOrder(order, room))
  return tries.reduce((best, each) => (each.cost < best.cost ? each : best)).placed
}

function placeInOrder(labels: readonly LabelRequest[], room: Room): { placed: PlacedLabel[]; cost: number } {
  const placed: PlacedLabel[] = []
  let total = 0
  for (const label of labels) {
    const closed = [...room.taken, ...placed.map((each) => each.box)]
    let best: { box: Box; cost: number; shift: number } | null = null
    for (const box of candidates(label)) {
      const shift = Math.hypot((box[0] + box[2]) / 2 - label.at[0], (box[1] + box[3]) / 2 - label.at[1])
      if ((best && shift >= best.cost) || closed.some((each) => overlaps(box, each))) continue
      const cost = shift + HIDDEN_SYMBOL_COST_PX * room.symbols.filter((symbol) => holds(box, symbol)).length
      if (!best || cost < best.cost) best = { box, cost, shift }
    }
    total += best ? best.cost : LEFT_OUT_COST_PX
    if (best) placed.push({ key: label.key, box: best.box, leader: best.shift >= LEADER_FROM_PX ? label.at : null })
  }
  return { placed, cost: total }
}

export function holds(box: Box, place: XY): boolean {
  return place[0] >= box[0] && place[0] < box[2] && place[1] >= box[1] && place[1] < box[3]
}

/** Boxes at and around a place, flatter than a circle because labels are wider than high. */
function candidates(label: LabelRequest): Box[] {
  const boxes: Box[] = [boxAround(label.at, label.size)]
  const stretch = Math.max(1, label.size[0] / label.size[1] / 2)
  for (const distance of DISTANCES) {
    for (let i = 0; i < DIRECTIONS; i += 1) {
      const angle = (i / DIRECTIONS) * 2 * Math.PI
      const centre: XY = [
        label.at[0] + Math.cos(angle) * distance * stretch,
        label.at[1] + Math.sin(angle) * distance,
      ]
      boxes.push(boxAround(centre, label.size))
    }
  }
  return boxes
}
