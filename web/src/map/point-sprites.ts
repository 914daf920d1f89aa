/** Symbols and badges of risk points, each look drawn once and then stamped: a street shows thousands of a dozen looks. */
import type { Grade } from '../api/wire.ts'
import { BADGE_RADIUS, type Badge } from './badges.ts'
import type { Box, XY } from './geography.ts'
import { FONT, paintLetter, traceRounded, type Letters } from './ink.ts'
import { onCanvas, type OverlaySurface } from './overlay-painter.ts'
import { gradeFill, INK, type Scene } from './style.ts'
import { symbolRadius, type Symbol } from './symbols.ts'

export interface PointManner {
  scene: Scene
  letters: Letters
  sprites: PointSprites
}

interface Sprite {
  canvas: HTMLCanvasElement
  /** Upper left corner of the sprite from the middle of the symbol, in canvas pixels. */
  corner: XY
}

/** What a sprite shows, and the box it fits into: CSS pixels from the middle of the symbol. */
interface Drawing {
  box: Box
  paint: (context: CanvasRenderingContext2D) => void
}

/** How far beyond the surface a symbol may stand whose number is still seen, in CSS pixels. */
const REACH_PX = 64
/** Room for a digit of a stack's number, and for the plate round it. */
const DIGIT_PX = 8
const PLATE_PX = 20

export class PointSprites {
  private readonly sprites = new Map<string, Sprite>()

  /** Paint symbols in the order given. */
  stampSymbols(surface: OverlaySurface, symbols: readonly Symbol[], { scene, letters }: PointManner): void {
    const radius = symbolRadius(surface.zoom)
    const isPlantScale = scene.points === 'all'
    this.stamp(surface, symbols, (symbol, ratio) => {
      const look = { ratio, radius, isPlantScale, letters }
      const disc = this.discOf(symbol, look)
      return isPlantScale && symbol.count > 1 ? [disc, this.numberOf(symbol.count, look)] : [disc]
    })
  }

  stampBadges(surface: OverlaySurface, badges: readonly Badge[], { letters }: PointManner): void {
    this.stamp(surface, badges, (badge, ratio) => [this.badgeOf(badge, { ratio, letters })])
  }

  /** What lies outside the surface is left out. */
  private stamp<T extends { at: XY }>(surface: OverlaySurface, marks: readonly T[], look: (mark: T, ratio: number) => Sprite[]): void {
    const { context, size } = surface
    const { a: ratio, e: left, f: top } = context.getTransform()
    context.save()
    context.setTransform(1, 0, 0, 1, 0, 0)
    for (const mark of marks) {
      const [x, y] = onCanvas(surface, mark.at)
      if (x < -REACH_PX || y < -REACH_PX || x > size[0] + REACH_PX || y > size[1] + REACH_PX) continue
      // Whole canvas pixels: a sprite between them would be blurred.
      const at = [Math.round(x * ratio + left), Math.round(y * ratio + top)] as const
      for (const { canvas, corner } of look(mark, ratio)) context.drawImage(canvas, at[0] + corner[0], at[1] + corner[1])
    }
    context.restore()
  }

  private badgeOf({ grade }: Badge, { ratio, letters }: Pick<Look, 'ratio' | 'letters'>): Sprite {
    const key = ['badge', ratio, grade, letters[grade]].join()
    const known = this.sprites.get(key)
    if (known) return known
    const reach = BADGE_RADIUS + 2
    return this.draw(key, ratio, { box: [-reach, -reach, reach, reach], paint: (context) => paintBadge(context, grade, letters) })
  }

  private discOf(symbol: Symbol, look: Look): Sprite {
    const letter = look.letters[symbol.grade]
    const key = [look.ratio, look.radius, look.isPlantScale, symbol.grade, symbol.inherited, letter].join()
    const known = this.sprites.get(key)
    if (known) return known
    const reach = look.radius + 4
    return this.draw(key, look.ratio, { box: [-reach, -reach, reach, reach], paint: (context) => paintDisc(context, symbol, look) })
  }

  private numberOf(count: number, { ratio, radius }: Look): Sprite {
    const text = count > 999 ? '999+' : String(count)
    const key = [ratio, radius, text].join()
    const known = this.sprites.get(key)
    if (known) return known
    const [left, top] = [radius - 3, -radius - 12]
    const box: Box = [left, top, left + DIGIT_PX * text.length + PLATE_PX, top + PLATE_PX]
    return this.draw(key, ratio, { box, paint: (context) => paintStackCount(context, radius, text) })
  }

  private draw(key: string, ratio: number, { box, paint }: Drawing): Sprite {
    const corner: XY = [Math.floor(box[0] * ratio), Math.floor(box[1] * ratio)]
    const canvas = document.createElement('canvas')
    canvas.width = Math.ceil(box[2] * ratio) - corner[0]
    canvas.height = Math.ceil(box[3] * ratio) - corner[1]
    const context = canvas.getContext('2d')
    context?.setTransform(ratio, 0, 0, ratio, -corner[0], -corner[1])
    if (context) paint(context)
    const sprite = { canvas, corner }
    this.sprites.set(key, sprite)
    return sprite
  }
}

interface Look {
  ratio: number
  radius: number
  isPlantScale: boolean
  letters: Letters
}

/** The symbol itself, its middle at the origin. */
function paintDisc(context: CanvasRenderingContext2D, symbol: Symbol, { radius, isPlantScale, letters }: Look): void {
  context.beginPath()
  context.arc(0, 0, radius + (isPlantScale ? 2.6 : 1.4), 0, 2 * Math.PI)
  context.fillStyle = '#FFFFFF'
  context.fill()
  if (isPlantScale) {
    context.strokeStyle = INK
    context.lineWidth = symbol.inherited ? 1.6 : 1
    context.setLineDash(symbol.inherited ? [3, 2.4] : [])
    context.stroke()
    context.setLineDash([])
  }
  context.beginPath()
  context.arc(0, 0, radius, 0, 2 * Math.PI)
  context.fillStyle = gradeFill(symbol.grade)
  context.fill()
  if (!isPlantScale || radius < 7 || symbol.grade === 'unassessed') return
  paintLetter(context, [0, 0.5], { grade: symbol.grade, letters, size: Math.round(radius * 1.25) })
}

function paintBadge(context: CanvasRenderingContext2D, grade: Grade, letters: Letters): void {
  context.beginPath()
  context.arc(0, 0, BADGE_RADIUS, 0, 2 * Math.PI)
  context.fillStyle = gradeFill(grade)
  context.fill()
  context.strokeStyle = INK
  context.lineWidth = 1.2
  context.stroke()
  paintLetter(context, [0, 0.5], { grade, letters, size: 10 })
}

function paintStackCount(context: CanvasRenderingContext2D, radius: number, text: string): void {
  const [left, middle] = [radius - 1, -radius - 2]
  context.font = `600 11px ${FONT}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  const width = context.measureText(text).width + 8
  traceRounded(context, [left, middle - 8, width, 16], 8)
  context.fillStyle = INK
  context.fill()
  context.strokeStyle = '#FFFFFF'
  context.lineWidth = 1.4
  context.stroke()
  context.fillStyle = '#FFFFFF'
  context.fillText(text, left + width / 2, middle + 0.5)
}
