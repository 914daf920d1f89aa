/** Clipping of whole, unclipped tile geometry to what a canvas can draw exactly. */
import type { Box, XY } from './geography.ts'

/** The pieces of a line inside a box (Liang and Barsky, segment by segment). */
export function clipLine(line: readonly XY[], box: Box): XY[][] {
  const pieces: XY[][] = []
  let piece: XY[] = []
  for (let i = 1; i < line.length; i += 1) {
    const from = line[i - 1] as XY
    const to = line[i] as XY
    const kept = clipSegment(from, to, box)
    if (!kept) {
      if (piece.length > 1) pieces.push(piece)
      piece = []
      continue
    }
    const [start, end] = kept
    const last = piece.at(-1)
    if (!last || last[0] !== start[0] || last[1] !== start[1]) {
      if (piece.length > 1) pieces.push(piece)
      piece = [start]
    }
    piece.push(end)
  }
  if (piece.length > 1) pieces.push(piece)
  return pieces
}

function clipSegment(from: XY, to: XY, box: Box): [XY, XY] | null {
  const dx = to[0] - from[0]
  const dy = to[1] - from[1]
  let enter = 0
  let leave = 1
  const sides: [number, number][] = [
    [-dx, from[0] - box[0]],
    [dx, box[2] - from[0]],
    [-dy, from[1] - box[1]],
    [dy, box[3] - from[1]],
  ]
  for (const [direction, distance] of sides) {
    if (direction === 0) {
      if (distance < 0) return null
      continue
    }
    const at = distance / direction
    if (direction < 0) enter = Math.max(enter, at)
    else leave = Math.min(leave, at)
  }
  if (enter > leave) return null
  const start: XY = enter === 0 ? from : [from[0] + enter * dx, from[1] + enter * dy]
  const end: XY = leave === 1 ? to : [from[0] + leave * dx, from[1] + leave * dy]
  return [start, end]
}

/** A ring cut to a box (Sutherland and Hodgman); runs along the box where the ring leaves it. */
export function clipRing(ring: readonly XY[], box: Box): XY[] {
  let points: XY[] = [...ring]
  for (const side of [0, 1, 2, 3] as const) {
    const axis = side % 2
    const sign = side < 2 ? 1 : -1
    const edge = box[side]
    const depth = (point: XY): number => sign * ((axis === 0 ? point[0] : point[1]) - edge)
    const kept: XY[] = []
    points.forEach((point, i) => {
      const previous = points[(i + points.length - 1) % points.length] as XY
      const a = depth(previous)
      const b = depth(point)
      if (a >= 0 !== b >= 0) {
        const t = a / (a - b)
        kept.push([previous[0] + t * (point[0] - previous[0]), previous[1] + t * (point[1] - previous[1])])
      }
      if (b >= 0) kept.push(point)
    })
    points = kept
  }
  return points
}
