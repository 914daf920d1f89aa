/**
 * Marks that tell the grades apart where a sheet comes out grey: in grey, red and blue are one tone.
 *
 * Red keeps a dark frame, orange falls from left to right, blue lies, grey is dotted, yellow is plain. What only crosses
 * rises from left to right and keeps that direction for itself. The marks are thin: the colour stays the message.
 */
import type { Grade } from '../api/wire.ts'
import type { Box } from './geography.ts'
import { INK, LAND } from './style.ts'

/** Distance of two marks in pixels: four lines still fit into the smallest cell of the map, 12 pixels wide. */
const PERIOD = 4

export function paintTexture(context: CanvasRenderingContext2D, box: Box, grade: Grade): void {
  const [left, top, right, bottom] = box
  if (grade === 'general') return
  context.save()
  context.beginPath()
  context.rect(left, top, right - left, bottom - top)
  context.clip()
  if (grade === 'major') paintFrame(context, box)
  else if (grade === 'unassessed') paintDots(context, box)
  else paintLines(context, box, grade)
  context.restore()
}

/**
 * On the screen a cell too small for a letter is lined above and below where it is red, below where it is orange; the
 * rest of it stays of one colour. `line`: width of the marks, whole in device pixels.
 */
export function paintEdges(context: CanvasRenderingContext2D, [left, top, right, bottom]: Box, grade: Grade, line: number): void {
  if (grade !== 'major' && grade !== 'large') return
  context.fillStyle = INK
  context.fillRect(left, bottom - line, right - left, line)
  if (grade === 'major') context.fillRect(left, top, right - left, line)
}

function paintFrame(context: CanvasRenderingContext2D, [left, top, right, bottom]: Box): void {
  const width = right - left < 20 ? 1.6 : 2.4
  context.strokeStyle = INK
  context.lineWidth = width
  context.strokeRect(left + width / 2, top + width / 2, right - left - width, bottom - top - width)
}

function paintLines(context: CanvasRenderingContext2D, [left, top, right, bottom]: Box, grade: Grade): void {
  context.beginPath()
  if (grade === 'large') {
    for (let x = left - (bottom - top) + PERIOD / 2; x < right; x += PERIOD * 1.5) {
      context.moveTo(x, top)
      context.lineTo(x + bottom - top, bottom)
    }
    context.strokeStyle = 'rgba(35,20,0,0.5)'
    context.lineWidth = 0.5
  } else {
    for (let y = top + PERIOD / 2; y < bottom; y += PERIOD) {
      context.moveTo(left, y)
      context.lineTo(right, y)
    }
    context.strokeStyle = LAND
    context.lineWidth = 1
  }
  context.stroke()
}

function paintDots(context: CanvasRenderingContext2D, [left, top, right, bottom]: Box): void {
  context.fillStyle = INK
  for (let y = top + PERIOD / 2; y < bottom; y += PERIOD) {
    for (let x = left + PERIOD / 2; x < right; x += PERIOD) context.fillRect(x - 0.8, y - 0.8, 1.6, 1.6)
  }
}
