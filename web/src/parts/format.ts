/** Times, places and formulas as text; pure, so that what a person reads is tested without a browser. */
import type { LonLat, ReasonItem } from '../api/wire.ts'

function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** Local time to the minute, `2026-11-22 09:40`; the text itself when it is no time. */
export function minuteOf(iso: string): string {
  const time = new Date(iso)
  if (Number.isNaN(time.getTime())) return iso
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`
}

/** `125.4026°E 43.8590°N`; five decimals are about a metre. */
export function placeOf([lon, lat]: LonLat, decimals = 5): string {
  const east = `${Math.abs(lon).toFixed(decimals)}°${lon < 0 ? 'W' : 'E'}`
  const north = `${Math.abs(lat).toFixed(decimals)}°${lat < 0 ? 'S' : 'N'}`
  return `${east} ${north}`
}

type Inputs = Extract<ReasonItem, { rule: 'inputs' }>
type Combine = Extract<ReasonItem, { rule: 'combine' }>
type Band = Extract<ReasonItem, { rule: 'band' }>

/**
 * `L 3 × E 6 × C 40 = 720 > 320`: the axes written before their values where the expression names exactly the
 * inputs in their order, else the expression as the method gave it.
 */
export function formulaOf(reasons: readonly ReasonItem[]): string | null {
  const combine = reasons.find((item): item is Combine => item.rule === 'combine')
  if (!combine) return null
  const inputs = reasons.find((item): item is Inputs => item.rule === 'inputs')
  const band = reasons.find((item): item is Band => item.rule === 'band')
  const expression = inputs ? withAxes(combine.expression, inputs) : combine.expression
  return band && /^[<>≤≥=]/.test(band.text) ? `${expression} ${band.text}` : expression
}

function withAxes(expression: string, inputs: Inputs): string {
  const equals = expression.lastIndexOf('=')
  const left = equals < 0 ? expression : expression.slice(0, equals)
  const values = left.match(/\d+(\.\d+)?/g) ?? []
  const isSame =
    values.length === inputs.axes.length && inputs.axes.every((axis, i) => Number(axis.value) === Number(values[i]))
  if (!isSame) return expression
  let i = 0
  const named = left.replace(/\d+(\.\d+)?/g, (value) => `${inputs.axes[i++]?.axis ?? ''} ${value}`)
  return named + expression.slice(left.length)
}

/** Width of a bar in percent: the share of the largest, never so thin that something looks like nothing. */
export function barPercent(value: number, largest: number): number {
  if (value <= 0 || largest <= 0) return 0
  return Math.max(1.5, (value / largest) * 100)
}
